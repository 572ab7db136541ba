import { randomUUID } from 'node:crypto';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { postGraphQL, inputTypeOf } from '../shared/testing/graphql-response.js';
import { HOUR_MS } from '../shared/time/rules.js';
import { startHub, type RunningHub } from './running-hub.js';
import { until } from './until.js';

/** Cologne and two Kreise beside it. */
const KREISE = ['05315', '05316', '05378'];
/** For how many hours the fuel of the two hospitals of each Kreis lasts. */
const HOURS = [3, 5, 12, 20, 30, 40];
const LOAD = 100;
const DIESEL_OF_LORRY = 10_000;

interface Claims {
  role: string;
  areas?: string[];
  facilities?: string[];
  organisations?: string[];
}
const CRISIS_STAFF: Claims = { role: 'crisis-staff', areas: ['05'] };
const CONTROL_ROOM: Claims = { role: 'dispatch', areas: ['05'] };

let hub: RunningHub;
/** Those that fail first stand first. */
let hospitals: string[];
let first: string;
beforeAll(async () => {
  hub = await startHub();
  hospitals = [];
  for (const area of KREISE) {
    const { facilities } = await request(
      `{ facilities(filter: { area: "${area}", kinds: [HOSPITAL] }, first: 2) { nodes { id } } }`,
    );
    hospitals.push(...facilities.nodes.map(({ id }: { id: string }) => id));
  }
  [first] = hospitals as [string];
});
afterAll(() => hub.stop());

async function request(query: string, variables: object = {}, who = CRISIS_STAFF): Promise<any> {
  const { role, areas = [], facilities = [], organisations = [] } = who;
  const claims = { role, areas, facilities, organisations, ttl: 300 };
  const token = await issueDevelopmentToken(
    hub.environment['VIERBLATT_DATA']!,
    'vierblatt',
    claims,
  );
  const { data, errors } = await postGraphQL(
    hub.url,
    { query, variables },
    { authorization: `Bearer ${token}` },
  );
  expect(errors).toBeUndefined();
  return data;
}

/** Sends a mutation with one input and a key of its own; returns its outcome, which is no refusal. */
async function send(field: string, input: object, who: Claims, selected = ''): Promise<any> {
  const type = inputTypeOf(field);
  const data = await request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Refusal { message } ${selected} } }`,
    { input: KEYLESS.has(field) ? input : { ...input, idempotencyKey: randomUUID() } },
    who,
  );
  expect(data[field]).not.toHaveProperty('message');
  return data[field];
}
const KEYLESS = new Set([
  'reportCapacity',
  'reportLifeline',
  'planRefuelling',
  'acceptTransfer',
  'discardAllocation',
]);

const staffOf = (facility: string): Claims => ({ role: 'hospital', facilities: [facility] });
const now = () => new Date().toISOString();

/** Every hospital has ten beds of intensive care, six of them free, and takes three casualties of SK II. */
async function openBeds(): Promise<void> {
  for (const facility of hospitals) {
    const report = { facility, category: 'ICU_HIGH_CARE', operable: 10, occupied: 4 };
    await send(
      'reportCapacity',
      { ...report, source: 'test', observedAt: now() },
      staffOf(facility),
    );
    const until = new Date(Date.now() + 12 * HOUR_MS).toISOString();
    const numbers = [{ category: 'SK_II', immediate: 3 }];
    const intake = { facility, source: 'test', method: 'REPORTED', until, numbers };
    await send('declareIntake', intake, staffOf(facility));
  }
}

async function failGrid(): Promise<void> {
  for (const [index, facility] of hospitals.entries()) {
    const observed = { facility, source: 'test', observedAt: now() };
    const staff = staffOf(facility);
    await send('reportLifeline', { ...observed, kind: 'MAINS_POWER', supplied: false }, staff);
    const fuel = { kind: 'GENERATOR_FUEL', unit: 'LITRE', load: LOAD, stock: HOURS[index]! * LOAD };
    await send('reportLifeline', { ...observed, ...fuel }, staff);
  }
}

async function newIncident(casualties: number): Promise<{ incident: string; patients: string[] }> {
  const position = { latitude: 50.94, longitude: 6.96 };
  const declared = { name: 'ÜBUNG', hazard: 'MASS_CASUALTY', area: '05315', position };
  const { id: incident } = await send(
    ...(['declareIncident', declared, CONTROL_ROOM, '... on Incident { id }'] as const),
  );
  const tags = Array.from({ length: casualties }, (_, n) => ({ tag: `${n}`, category: 'SK_II' }));
  const { outcomes } = await send(
    'registerCasualties',
    { incident, casualties: tags },
    CONTROL_ROOM,
    '... on RegisteredCasualties { outcomes { ... on Patient { id } } }',
  );
  return { incident, patients: outcomes.map(({ id }: { id: string }) => id) };
}

/** A patient who is on the way to the hospital that will fail first. */
async function sendPatient(): Promise<void> {
  const { patients } = await newIncident(1);
  const requested = { patient: patients[0], to: first, kind: 'PRIMARY' };
  const { id: transfer } = await send(
    ...(['requestTransfer', requested, CONTROL_ROOM, '... on Transfer { id }'] as const),
  );
  await send('acceptTransfer', { transfer }, staffOf(first));
}

/** Waits until capacity has what supply declared: whether the first two hospitals are out of the plan. */
async function untilOutOfPlan(expected: readonly boolean[]): Promise<void> {
  await until(async () => {
    const { facilities } = await request(
      '{ facilities(filter: { area: "05315" }, first: 500) { nodes { id notSustainable } } }',
    );
    const shown = new Map(
      facilities.nodes.map((one: { id: string; notSustainable: boolean | null }) => [
        one.id,
        one.notSustainable === true,
      ]),
    );
    return expected.every((isOut, index) => shown.get(hospitals[index]!) === isOut);
  });
}

async function proposed(incident: string) {
  const plan = await send(
    'proposeAllocation',
    { incident, radiusKm: 100 },
    CONTROL_ROOM,
    `... on AllocationPlan { id assignments(first: 100) { nodes { facility { id } rejected { code facility { id } } } }
      unallocated(first: 100) { nodes { rejected { code facility { id } } } } }`,
  );
  type Node = { facility?: { id: string }; rejected: { code: string; facility: { id: string } }[] };
  const nodes: Node[] = [...plan.assignments.nodes, ...plan.unallocated.nodes];
  const notSustainable = nodes.flatMap(({ rejected }) =>
    rejected.flatMap(({ code, facility }) => (code === 'NOT_SUSTAINABLE' ? facility.id : [])),
  );
  return {
    id: plan.id as string,
    destinations: nodes.flatMap(({ facility }) => facility?.id ?? []),
    notSustainable: [...new Set(notSustainable)],
  };
}

/** A supplier of fuel delivers to a hospital by request, commitment, shipment and receipt. */
async function deliver(facility: string, quantity: number): Promise<void> {
  const { id: organisation } = await send(
    'registerOrganisation',
    {
      kind: 'FUEL_SUPPLIER',
      area: '05315',
      name: `Fuel ${randomUUID()}`,
      position: { latitude: 50.94, longitude: 6.96 },
    },
    CRISIS_STAFF,
    '... on Organisation { id }',
  );
  const { items } = await request('{ items(filter: { text: "EN 590" }) { nodes { id } } }');
  const item = items.nodes[0].id;
  const part = { quantity, unit: 'LITRE' };
  const supplier: Claims = { role: 'supplier', areas: ['05'], organisations: [organisation] };
  const booking = { organisation, item, kind: 'RECEIPT', ...part };
  await send('bookStock', { booking }, supplier);
  const neededUntil = new Date(Date.now() + HOUR_MS).toISOString();
  const lines = [{ item, ...part, organisations: [organisation] }];
  const requested = { facility, neededUntil, reason: 'the grid is off', lines };
  const made = await send(
    ...([
      'requestSupply',
      requested,
      staffOf(facility),
      '... on SupplyRequest { lines { id } }',
    ] as const),
  );
  const input = { line: made.lines[0].id, organisation, ...part };
  const { id: commitment } = await send(
    ...(['commitSupply', input, supplier, '... on SupplyCommitment { id }'] as const),
  );
  const { id: shipment } = await send(
    ...([
      'dispatchShipment',
      { commitment, ...part },
      supplier,
      '... on SupplyShipment { id }',
    ] as const),
  );
  await send('receiveShipment', { shipment, ...part }, staffOf(facility));
}

const failing = async () =>
  (
    await request(`{ lifelines(filter: { area: "05", kind: GENERATOR_FUEL, below: 48 }) { nodes { hoursRemaining moved facility {
      id notSustainable beds(category: ICU_HIGH_CARE) { operable occupied free sustainable { beds cause from } } inbound { category status } } } } }`)
  ).lifelines.nodes;

test('steering spares the hospitals that fail first, and takes them again when fuel is delivered', async () => {
  await openBeds();
  await sendPatient();
  await failGrid();
  await untilOutOfPlan([true, true]);

  // One query, three subgraphs: the hour (supply), the beds (capacity), the patients (patients).
  const before = await failing();
  expect(before.map((one: any) => one.facility.id)).toEqual(hospitals);
  expect(before.map((one: any) => Math.round(one.hoursRemaining))).toEqual(HOURS);
  expect(before[0].facility).toMatchObject({
    notSustainable: true,
    // Until the hour of failure nothing that is free changes.
    beds: [{ operable: 10, occupied: 4, free: 6, sustainable: { beds: 0, cause: 'POWER' } }],
    inbound: [{ category: 'SK_II', status: 'ACCEPTED' }],
  });
  expect(before.slice(1).map((one: any) => one.facility.inbound)).toEqual(Array(5).fill([]));

  const lorry = {
    id: 'a',
    litres: DIESEL_OF_LORRY,
    position: { latitude: 50.94, longitude: 6.96 },
  };
  const plan = await send(
    'planRefuelling',
    { area: '05', vehicles: [{ ...lorry, availableFrom: now() }] },
    CRISIS_STAFF,
    '... on RefuellingPlan { bedsKept bedsKeptAtMost runs { stops { facility { id } inTime } } failing { facility { id } } }',
  );
  expect(plan.runs[0].stops.map((stop: any) => stop.facility.id).slice(0, 2)).toEqual(
    hospitals.slice(0, 2),
  );
  expect(plan.bedsKept).toBeLessThanOrEqual(plan.bedsKeptAtMost);

  // Nine more casualties than the four hospitals that last can take: none goes to those that fail.
  const { incident } = await newIncident(14);
  const spared = await proposed(incident);
  expect(spared.destinations).toHaveLength(12);
  expect(spared.destinations).not.toContain(hospitals[0]);
  expect(spared.destinations).not.toContain(hospitals[1]);
  expect(new Set(spared.notSustainable)).toEqual(new Set(hospitals.slice(0, 2)));
  await send(
    'discardAllocation',
    { plan: spared.id, reason: 'The next one replaces it.' },
    CONTROL_ROOM,
  );

  await deliver(first, 2_000);
  await untilOutOfPlan([false, true]);
  const after = await failing();
  const refuelled = after.find((one: any) => one.facility.id === first);
  expect(refuelled).toMatchObject({ moved: 2_000, facility: { notSustainable: false } });
  expect(Math.round(refuelled.hoursRemaining)).toBe(HOURS[0]! + 2_000 / LOAD);
  expect(after[0].facility.id).toBe(hospitals[1]);

  const again = await proposed(incident);
  expect(again.destinations).toHaveLength(14);
  expect(again.destinations).toContain(first);
  expect(again.destinations).not.toContain(hospitals[1]);
  expect(again.notSustainable).toEqual([hospitals[1]]);
});
