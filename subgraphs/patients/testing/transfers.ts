import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { newKey } from './casualties.js';
import {
  CONTROL_ROOM,
  type GraphQLResponse,
  type PatientsWorld,
  type TestIdentity,
} from './patients-world.js';

export const TRANSFER = `id kind status statusAt patient { id category } from { id } fromArea to { id } toArea bedCategory attempt
  accepting placeUntil dueAt escalated possible createdAt means estimatedArrival approvalsMissing
  steps { status at by reason facility { id } } approvals { level area at by reason }`;

const OUTCOMES = `__typename
  ... on Transfer { ${TRANSFER} }
  ... on Refusal { message }
  ... on UnknownTransfer { transferId }
  ... on StepNotPossible { status act possible transfer { id } }
  ... on IdempotencyKeyReused { field }`;

const MUTATIONS: Record<string, string> = {
  requestTransfer: `... on UnknownPatient { unknown: patientId } ... on UnknownFacility { missing: facilityId } ... on TransferExists { active: transfer { id status } }
    ... on NotTransportable { category } ... on AlreadyThere { facility { id } } ... on ReservationInUse { reservationItemId }
    ... on ReservationUnfit { reservationId reservationItemId } ... on NotAtScene { facility { id } } ... on IdempotencyKeyReused { field }`,
  requestDestination: `... on UnknownFacility { missing: facilityId } ... on AlreadyThere { facility { id } } ... on ReservationInUse { reservationItemId }
    ... on ReservationUnfit { reservationId reservationItemId }`,
  approveTransfer: '... on ApprovalNotOpen { missing }',
  acceptTransfer:
    '... on NoSlotLeft { facility { id } bedCategory intake free alternatives { facility { id } free km } }',
  refuseTransfer: '',
  cancelTransfer: '',
  divertTransfer:
    '... on UnknownFacility { missing: facilityId } ... on AlreadyThere { facility { id } }',
  handOver: '',
  seekTransport: '',
  recordDeath: '... on Patient { id } ... on UnknownPatient { unknown: patientId }',
};

/** Calls a mutation of transfers and returns the whole response. */
export function callRaw(
  world: PatientsWorld,
  name: string,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  const type = inputTypeOf(name);
  const isOfTransfer = !['requestTransfer', 'recordDeath'].includes(name);
  const common = isOfTransfer
    ? OUTCOMES
    : `__typename ${name === 'requestTransfer' ? `... on Transfer { ${TRANSFER} }` : ''} ... on Refusal { message }`;
  return world.request(
    `mutation ($input: ${type}!) { outcome: ${name}(input: $input) { ${common} ${MUTATIONS[name]} } }`,
    { input },
    who,
  );
}

/** Calls a mutation of transfers and returns its outcome. */
export async function call(
  world: PatientsWorld,
  name: string,
  input: object,
  who?: TestIdentity,
): Promise<any> {
  const { data, errors } = await callRaw(world, name, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.outcome;
}

export async function transferOf(
  world: PatientsWorld,
  id: string,
  who?: TestIdentity,
): Promise<any> {
  const { data, errors } = await world.request(
    `query ($id: ID!) { transfer(id: $id) { ${TRANSFER} } }`,
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.transfer;
}

/** Assigns a vehicle with a physician unless one is, then sends its radio statuses, some seconds apart. */
export async function drive(
  world: PatientsWorld,
  transfer: string,
  statuses: number[],
): Promise<void> {
  const callSign = `Florian ${transfer}`.slice(0, 40);
  const send = async (mutation: string, type: string, input: object) => {
    const { data, errors } = await world.request(
      `mutation ($input: ${type}!) { outcome: ${mutation}(input: $input) { __typename ... on Refusal { message } } }`,
      { input },
    );
    if (errors || data.outcome.message) throw new Error(JSON.stringify(errors ?? data.outcome));
  };
  const { status } = await transferOf(world, transfer);
  if (status === 'ACCEPTED') {
    await send('assignTransport', 'AssignTransportInput', {
      transfers: [transfer],
      vehicle: callSign,
      means: 'RTW',
      physician: true,
      idempotencyKey: newKey(),
    });
  }
  for (const radio of statuses) {
    world.later(0.1);
    const at = world.clock.now.toISOString();
    await send('reportVehicleStatus', 'ReportVehicleStatusInput', {
      vehicle: callSign,
      status: radio,
      at,
    });
  }
}

/** Registers casualties of an incident or patients of a facility, and returns their ids. */
export async function register(
  world: PatientsWorld,
  where: { incident?: string; facility?: string },
  count = 1,
  casualty: object = {},
): Promise<string[]> {
  const casualties = Array.from({ length: count }, () => ({
    tag: newKey(),
    category: 'SK_II',
    ...casualty,
  }));
  const { data, errors } = await world.request(
    `mutation ($input: RegisterCasualtiesInput!) { registerCasualties(input: $input) { __typename ... on Refusal { message }
      ... on RegisteredCasualties { outcomes { __typename ... on Patient { id } ... on Refusal { message } } } } }`,
    { input: { ...where, casualties, idempotencyKey: newKey() } },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.registerCasualties.outcomes.map((outcome: { id: string }) => outcome.id);
}

/** Reports the free intensive care beds of facilities to capacity. */
export async function giveBeds(
  world: PatientsWorld,
  facilities: readonly string[],
  free: number,
): Promise<void> {
  const reports = facilities.map((facility) => ({
    facility,
    category: 'ICU_UNSPECIFIED',
    operable: free + 2,
    occupied: 2,
    source: 'ward system',
    observedAt: world.clock.now.toISOString(),
  }));
  const { data, errors } = await world.requestCapacity(
    `mutation ($input: ReportCapacitiesInput!) { reportCapacities(input: $input) { outcomes { __typename ... on Refusal { message } } } }`,
    { input: { reports } },
  );
  const refused = data?.reportCapacities.outcomes.find(
    ({ message }: { message?: string }) => message,
  );
  if (errors || refused) throw new Error(JSON.stringify(errors ?? refused));
}

/** Reserves a bed of a facility as the control room, an intensive care bed by default. */
export async function reservedAt(
  world: PatientsWorld,
  facility: string,
  item: object = {},
  who: TestIdentity = CONTROL_ROOM,
): Promise<{ id: string; item: string }> {
  const { data, errors } = await world.requestCapacity(
    `mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { ... on Reservation { id items { id } }
      ... on Refusal { message } } }`,
    {
      input: {
        items: [{ facility, category: 'ICU_UNSPECIFIED', ...item }],
        kind: 'PRIMARY',
        idempotencyKey: newKey(),
      },
    },
    who,
  );
  if (errors || data.reserveBeds.message) throw new Error(JSON.stringify(errors ?? data));
  return { id: data.reserveBeds.id, item: data.reserveBeds.items[0].id };
}

/** Returns the intensive care beds of a facility from capacity. */
export async function bedsOf(world: PatientsWorld, facility: string): Promise<any> {
  const { data } = await world.requestCapacity(
    `query ($facility: ID!) { facility(id: $facility) { beds(category: ICU_UNSPECIFIED) { free reserved occupied overcommitted } } }`,
    { facility },
  );
  return data.facility.beds[0];
}

/** Returns the input of a transfer to an intensive care bed that needs no approval. */
export const primary = (patient: string, changes: object = {}) => ({
  patient,
  kind: 'PRIMARY',
  bedCategory: 'ICU_UNSPECIFIED',
  idempotencyKey: newKey(),
  ...changes,
});
