import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { COLOGNE, DISPATCH, facilitiesIn, newKey, newPatient } from './casualties.js';
import { staffOf, type PatientsWorld, type TestIdentity } from './patients-world.js';

const SELECTIONS: Readonly<Record<string, string>> = {
  requestTransfer: '... on Transfer { id }',
};

/** Calls a mutation that must succeed, and returns the value of its field. */
export async function done(
  world: PatientsWorld,
  who: TestIdentity,
  mutation: string,
  input: object,
  request: 'request' | 'requestCapacity' = 'request',
): Promise<any> {
  const type = inputTypeOf(mutation);
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) {
    __typename ... on Refusal { message } ${SELECTIONS[mutation] ?? ''} } }`;
  const { data, errors } = await world[request](query, { input }, who);
  if (errors || data[mutation].message) throw new Error(JSON.stringify(errors ?? data[mutation]));
  return data[mutation];
}

/** Returns the ids of facilities in Cologne that declare an intake of 500 casualties of each category. */
export async function openFacilities(world: PatientsWorld, count: number): Promise<string[]> {
  const facilities = await facilitiesIn(world, COLOGNE, count);
  const numbers = ['SK_I', 'SK_II', 'SK_III'].map((category) => ({ category, immediate: 500 }));
  const until = new Date(world.clock.now.getTime() + 48 * HOUR_MS);
  const words = { source: 'facility', method: 'REPORTED', until, numbers };
  for (const facility of facilities) {
    const input = { facility, ...words, idempotencyKey: newKey() };
    await done(world, staffOf(facility), 'declareIntake', input, 'requestCapacity');
  }
  return facilities;
}

/** Severely injured, decided by a physician. */
const SK_II = { category: 'SK_II', physician: true };

/** Returns the id of a transfer whose destination has not responded yet. */
export async function requested(
  world: PatientsWorld,
  incident: string,
  to: string,
  changes: object = {},
): Promise<string> {
  const patient = await newPatient(world, { incident }, { ...SK_II, ...changes });
  const input = { patient, kind: 'PRIMARY', to, idempotencyKey: newKey() };
  const { id } = await done(world, DISPATCH, 'requestTransfer', input);
  return id;
}

/** Returns the id of a transfer that the facility has accepted. */
export async function accepted(
  world: PatientsWorld,
  incident: string,
  to: string,
  changes: object = {},
): Promise<string> {
  const transfer = await requested(world, incident, to, changes);
  await done(world, staffOf(to), 'acceptTransfer', { transfer });
  return transfer;
}

/** Sends a vehicle and returns the outcome. */
export async function assign(
  world: PatientsWorld,
  transfers: string[],
  changes: object = {},
  who: TestIdentity = DISPATCH,
) {
  const input = {
    transfers,
    vehicle: 'Köln 1-83-1',
    means: 'RTW',
    idempotencyKey: newKey(),
    ...changes,
  };
  return world.request(
    `mutation ($input: AssignTransportInput!) { assignTransport(input: $input) {
      __typename ... on Refusal { message }
      ... on Vehicle { id callSign means area places physician ventilator radioStatus transfers { id status } }
      ... on UnknownTransfer { transferId } ... on StepNotPossible { status act possible }
      ... on TransportUnfit { transfer { id } misfits suitable }
      ... on VehicleFull { places left } ... on VehicleIsAnother { means area } } }`,
    { input },
    who,
  );
}

/** Reports a radio status and returns the outcome. */
export async function radio(
  world: PatientsWorld,
  status: number,
  changes: object = {},
  who: TestIdentity = DISPATCH,
) {
  const input = { vehicle: 'Köln 1-83-1', status, at: world.clock.now, ...changes };
  return world.request(
    `mutation ($input: ReportVehicleStatusInput!) { reportVehicleStatus(input: $input) {
      __typename ... on Refusal { message }
      ... on Vehicle { radioStatus radioStatusAt transfers { id status } inconsistencies { status at by inconsistency } }
      ... on UnknownVehicle { callSign } ... on DestinationUnclear { destinations { id } }
      ... on ReportTimeOutOfRange { field at earliest latest } } }`,
    { input },
    who,
  );
}

/** How a transfer stands. */
export async function transferOf(world: PatientsWorld, id: string, who: TestIdentity = DISPATCH) {
  const { data, errors } = await world.request(
    `query ($id: ID!) { transfer(id: $id) { status means estimatedArrival
      vehicle { callSign } steps { status by } inconsistencies { status inconsistency } } }`,
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.transfer;
}
