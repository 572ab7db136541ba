import { randomUUID } from 'node:crypto';
import { inputTypeOf } from '../../shared/testing/graphql-response.js';
import { DAY_MS, HOUR_MS } from '../../shared/time/rules.js';
import type { RunningHub } from '../running-hub.js';
import { request, tokenOf, type Who } from './requests.js';

const SERVICE = { role: 'service' };
const DISPATCH = { role: 'dispatch' };
const CRISIS_STAFF = { role: 'crisis-staff' };
const NORMAL_WARD = { bedCategory: 'NORMAL_WARD' };

/** The variables that all examples share. */
export type SharedVariables = Readonly<Record<string, string>>;

/** Returns the variables of the examples, with new values for those that every call must have of its own. */
export function variablesOf(prepared: SharedVariables) {
  const { facility } = prepared;
  return {
    ...prepared,
    report: reportOf(facility!, 'ICU_UNSPECIFIED'),
    closure: closureOf(facility!),
    now: new Date().toISOString(),
    later: inADay(),
    key: randomUUID(),
  };
}

/** Makes everything once that the examples need. */
export async function prepare(hub: RunningHub): Promise<SharedVariables> {
  const { data } = await request(
    hub,
    await tokenOf(hub, SERVICE),
    '{ capacityCursor patientsCursor supplyCursor personnelCursor facilities(first: 2) { nodes { id } } }',
    {},
  );
  const { capacityCursor: after, patientsCursor: since, facilities } = data;
  const { supplyCursor: beforeSupply, personnelCursor: beforePersonnel } = data;
  const [facility, other] = facilities.nodes.map(({ id }: { id: string }) => id);
  const world = new World(hub);
  return {
    after,
    since,
    beforeSupply,
    beforePersonnel,
    facility,
    ...(await prepareCapacity(world, facility, other)),
    ...(await preparePatients(world, facility)),
    ...(await prepareTransfers(world, facility, other)),
    ...(await preparePlan(world, facility, other)),
    ...(await prepareSupply(world, facility)),
  };
}

async function prepareCapacity(world: World, facility: string, other: string) {
  await world.done(SERVICE, 'reportCapacity', reportOf(facility, 'ICU_UNSPECIFIED'));
  await world.done(SERVICE, 'reportCapacity', reportOf(facility, 'NORMAL_WARD'));
  await world.done(SERVICE, 'reportCapacity', reportOf(other, 'NORMAL_WARD'));
  await world.done(SERVICE, 'closeDepartment', closureOf(facility));
  const reservation = await world.done(CRISIS_STAFF, 'reserveBeds', {
    items: [{ facility, category: 'ICU_UNSPECIFIED' }],
    kind: 'STRATEGIC',
    origin: { area: '05', approvedBySpoc: true },
  });
  await world.done(CRISIS_STAFF, 'declarePhase', {
    area: '',
    phase: 'PANDEMIC',
    hazard: 'PANDEMIC',
    legalBasis: 'the rights table',
  });
  return { reservation: reservation.id };
}

async function prepareSupply(world: World, facility: string) {
  await world.done(CRISIS_STAFF, 'reportLifeline', {
    facility,
    kind: 'GENERATOR_FUEL',
    stock: 10_000,
    load: 100,
    unit: 'LITRE',
    source: 'the rights table',
    observedAt: new Date().toISOString(),
  });
  const organisation = await world.done(CRISIS_STAFF, 'registerOrganisation', {
    kind: 'DEPOT',
    area: '05315',
    name: 'Prepared for the rights table',
    position: { latitude: 50.94, longitude: 6.96 },
    idempotencyKey: randomUUID(),
  });
  const request = await world.done(CRISIS_STAFF, 'requestSupply', {
    facility,
    neededUntil: inADay(),
    reason: 'the rights table',
    lines: [{ item: 'pzn:00194323', quantity: 1, unit: 'PACK' }],
    idempotencyKey: randomUUID(),
  });
  const offer = await world.done(staffOf(facility), 'offerSupply', {
    facility,
    item: 'pzn:00194323',
    quantity: 1,
    unit: 'PACK',
    until: inADay(),
    idempotencyKey: randomUUID(),
  });
  const { stock } = await world.done(CRISIS_STAFF, 'bookStock', {
    booking: { facility, item: 'pzn:00194323', kind: 'RECEIPT', quantity: 1, unit: 'PACK' },
    idempotencyKey: randomUUID(),
  });
  return {
    organisation: organisation.id,
    supplyRequest: request.id,
    supplyOffer: offer.id,
    stock: stock.id,
  };
}

async function preparePatients(world: World, facility: string) {
  const staff = staffOf(facility);
  const tag = 'the one who is looked for';
  const described = { tag, category: 'SK_IV', pzc: '332-76-1', name: 'Test' };
  const patient = await world.registered(staff, { facility }, described);
  const judged = { patient, category: 'SK_IV', physician: true, transportable: true };
  await world.done(staff, 'triagePatient', judged);
  const dead = await world.registered(staff, { facility });
  await world.done(staff, 'recordDeath', { patient: dead });
  const erased = await world.registered(staff, { facility });
  await world.done(staff, 'erasePatient', { patient: erased, reason: 'the rights table' });
  return { tag, patient, dead, erased };
}

async function prepareTransfers(world: World, facility: string, other: string) {
  const staff = staffOf(facility);
  const { id: incident } = await world.done(DISPATCH, 'declareIncident', {
    name: 'The rights table',
    hazard: 'MASS_CASUALTY',
    area: '05315',
    position: { latitude: 50.94, longitude: 6.96 },
  });
  const casualty = await world.registered(DISPATCH, { incident });
  const inbound = await world.requested(DISPATCH, casualty, { kind: 'PRIMARY', to: facility });
  await world.accepted(inbound, staff, 'Test 1', DISPATCH);

  const moved = await world.registered(staff, { facility });
  const transfer = await world.requested(staff, moved, { kind: 'SECONDARY', to: other });
  const relocated = await world.registered(staff, { facility });
  const relocation = await world.requested(staff, relocated, { kind: 'STRATEGIC', to: other });
  const levels = [CRISIS_STAFF, { role: 'spoc' }, { ...CRISIS_STAFF, subject: 'the other Land' }];
  for (const level of levels) {
    await world.done(level, 'approveTransfer', { transfer: relocation, decision: 'APPROVE' });
  }
  await world.accepted(relocation, staffOf(other), 'Test 3', staff);
  return { incident, casualty, inbound, transfer, relocation };
}

/** Sends a patient of the facility to the other one. */
async function preparePlan(world: World, facility: string, other: string) {
  await world.done(SERVICE, 'declareIntake', {
    facility: other,
    source: 'the rights table',
    method: 'REPORTED',
    until: new Date(Date.now() + DAY_MS).toISOString(),
    numbers: [{ category: 'SK_II', immediate: 20 }],
  });
  const staff = staffOf(facility);
  await world.registered(staff, { facility });
  const { id: plan } = await world.done(staff, 'distributeFrom', {
    facility,
    count: 1,
    radiusKm: 1_000,
  });
  await world.done(CRISIS_STAFF, 'confirmAllocation', { plan });
  return { plan };
}

/** Mutations that must succeed for the tests to begin. */
class World {
  readonly #hub: RunningHub;

  constructor(hub: RunningHub) {
    this.#hub = hub;
  }

  /** Calls a mutation, with a key of its own where it accepts one, and returns its result. */
  async done(who: Who, mutation: string, input: object): Promise<any> {
    const type = inputTypeOf(mutation);
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) {
      __typename ... on Refusal { message } ${SELECTIONS[mutation] ?? ''} } }`;
    const key = KEYED.has(mutation) ? { idempotencyKey: randomUUID() } : {};
    const token = await tokenOf(this.#hub, who);
    const { data, errors } = await request(this.#hub, token, query, {
      input: { ...key, ...input },
    });
    if (errors || data[mutation].message) {
      throw new Error(`${mutation}: ${JSON.stringify(errors ?? data[mutation])}`);
    }
    return data[mutation];
  }

  /** Id of a new patient, severely injured by a physician's word. */
  async registered(who: Who, where: object, casualty: object = {}): Promise<string> {
    const usual = { tag: randomUUID(), category: 'SK_II', physician: true };
    const casualties = [{ ...usual, ...casualty }];
    const { outcomes } = await this.done(who, 'registerCasualties', { ...where, casualties });
    return outcomes[0].id;
  }

  async requested(who: Who, patient: string, changes: object): Promise<string> {
    const input = { patient, ...NORMAL_WARD, ...changes };
    return (await this.done(who, 'requestTransfer', input)).id;
  }

  /** The facility accepts, and the origin sends a vehicle. */
  async accepted(transfer: string, destination: Who, vehicle: string, origin: Who): Promise<void> {
    await this.done(destination, 'acceptTransfer', { transfer });
    const crew = { vehicle, means: 'RTW', physician: true };
    await this.done(origin, 'assignTransport', { transfers: [transfer], ...crew });
  }
}

const SELECTIONS: Readonly<Record<string, string>> = {
  bookStock: '... on StockBooking { stock { id } }',
  registerOrganisation: '... on Organisation { id }',
  reserveBeds: '... on Reservation { id }',
  requestSupply: '... on SupplyRequest { id }',
  offerSupply: '... on SupplyOffer { id }',
  declareIncident: '... on Incident { id }',
  registerCasualties: '... on RegisteredCasualties { outcomes { ... on Patient { id } } }',
  requestTransfer: '... on Transfer { id }',
  distributeFrom: '... on AllocationPlan { id }',
};
const KEYED: ReadonlySet<string> = new Set([
  'reserveBeds',
  'declarePhase',
  'declareIncident',
  'registerCasualties',
  'requestTransfer',
  'assignTransport',
  'triagePatient',
  'declareIntake',
  'distributeFrom',
  'confirmAllocation',
]);

function inADay(): string {
  return new Date(Date.now() + DAY_MS).toISOString();
}

function staffOf(facility: string): Who {
  return { role: 'hospital', facilities: [facility], subject: `staff of ${facility}` };
}

function reportOf(facility: string, category: string) {
  const numbers = { operable: 3, occupied: 1 };
  const observedAt = new Date().toISOString();
  return { facility, category, ...numbers, source: 'the rights table', observedAt };
}

function closureOf(facility: string) {
  return {
    facility,
    department: 'BURNS',
    urgencies: ['INPATIENT'],
    reason: 'the rights table',
    until: new Date(Date.now() + HOUR_MS).toISOString(),
    idempotencyKey: randomUUID(),
  };
}
