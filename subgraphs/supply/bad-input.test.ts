import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  isInputObjectType,
  isListType,
  getNamedType,
  getNullableType,
  parse,
} from 'graphql';
import type { GraphQLInputObjectType } from 'graphql';
import { projectPath } from '../../shared/root.js';
import { inputTypeOf } from '../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../shared/testing/unknown-id.js';
import { facilitiesIn } from './testing/facilities.js';
import { COLOGNE, newOrganisation } from './testing/organisations.js';
import { itemsIn, send } from './testing/requests.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from './testing/supply-world.js';

const read = (path: string) => readFileSync(projectPath(path), 'utf8');
/** The schema of the hub, because that of the subgraph alone names types of others. */
const ALL = buildASTSchema(parse(read('gateway/api.graphql')))
  .getMutationType()!
  .getFields();
const OWN = parse(read('subgraphs/supply/supply.graphql')).definitions.flatMap((definition) =>
  'name' in definition && definition.name?.value === 'Mutation' && 'fields' in definition
    ? definition.fields.map(({ name }) => name.value)
    : [],
);
const MUTATIONS = Object.fromEntries(OWN.map((field) => [field, ALL[field]!]));
const LONG = 'x'.repeat(10_000);

/** Values that nobody can mean, by the type of the field. */
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  Float: [-1, 0.0001, 1e12, 1e300],
  Int: [-1, 2_147_483_647],
  DateTime: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'],
  ID: [UNKNOWN_ID, 'pzn:00194324', 'pzn:\u0000', '\ud800', '', LONG],
  String: ['\u0000', LONG],
  Unit: ['DOSE'],
  LifelineUnit: ['PORTION'],
};
/** Fields in which some of these values mean something. */
const MEANINGFUL: Readonly<Record<string, readonly unknown[]>> = {
  latitude: [-1, 0.0001],
  longitude: [-1, 0.0001],
  // A gauge measures as it does, and a lorry is named by the caller who sends it.
  'reportLifeline.stock': [0.0001],
  'reportLifelines.reports.stock': [0.0001],
  'reportLifeline.load': [0.0001],
  'reportLifelines.reports.load': [0.0001],
  'reportLifeline.nextDelivery.quantity': [0.0001],
  'reportLifelines.reports.nextDelivery.quantity': [0.0001],
  'planRefuelling.vehicles.litres': [0.0001],
  'planRefuelling.vehicles.id': [UNKNOWN_ID, 'pzn:00194324'],
  // Storage is counted in any unit.
  'declareStorage.unit': ['DOSE'],
};

type Input = Record<string, any>;

let world: SupplyWorld;
let who: TestIdentity;
let good: Record<string, Input>;

beforeAll(async () => {
  world = await supplyWorld();
  const [facility] = (await facilitiesIn(world, '05315')) as [string];
  const [item] = (await itemsIn(world, 'LITRE')) as [string];
  const organisation = await newOrganisation(world);
  const partner = await newOrganisation(world, { kind: 'SERVICE_PARTNER' });
  who = {
    role: 'crisis-staff',
    grants: [
      { role: 'crisis-staff', areas: [''] },
      { role: 'supplier', areas: [''], organisations: [organisation, partner] },
      { role: 'hospital', facilities: [facility] },
    ],
  };
  const act = async (field: string, input: Input) => {
    const outcome = await send(world, field, input, who);
    if (outcome.code || /message/.test(JSON.stringify(outcome)))
      throw new Error(`${field}: ${JSON.stringify(outcome)}`);
    return outcome;
  };
  const idOf = async (field: string, input: Input, type: string): Promise<string> => {
    const name = inputTypeOf(field);
    const { data, errors } = await world.request(
      `mutation ($input: ${name}!) { ${field}(input: $input) { __typename ... on Refusal { message } ... on ${type} { id } } }`,
      { input: { idempotencyKey: randomUUID(), ...input } },
      who,
    );
    const id = data?.[field]?.id;
    if (!id) throw new Error(`${field}: ${JSON.stringify(errors ?? data)}`);
    return id;
  };
  const [litres, holder] = [{ unit: 'LITRE' }, { organisation }];
  await act('bookStock', {
    booking: { ...holder, ...litres, item, kind: 'RECEIPT', quantity: 9_000, batch: 'B1' },
  });
  const requested = {
    facility,
    neededUntil: world.inHours(24),
    reason: 'the tank runs empty',
    lines: [{ item, quantity: 500, ...litres, organisations: [organisation], facilities: [] }],
  };
  const request = await act('requestSupply', requested);
  const line = request.lines[0].id as string;
  const committed = { ...holder, ...litres, line, quantity: 100, expectedAt: world.inHours(5) };
  const commitment = (await act('commitSupply', committed)).id as string;
  const dispatched = {
    ...litres,
    commitment,
    quantity: 20,
    batch: 'B1',
    expectedAt: world.inHours(4),
  };
  const shipment = (await act('dispatchShipment', dispatched)).id as string;
  const arrived = (await act('dispatchShipment', { ...dispatched })).id as string;
  await act('receiveShipment', { shipment: arrived, quantity: 20, ...litres });
  const offered = {
    ...holder,
    ...litres,
    item,
    quantity: 50,
    availableFrom: world.inHours(1),
    until: world.inHours(48),
    usableUntil: world.inHours(2_000),
  };
  const offer = await idOf('offerSupply', offered, 'SupplyOffer');
  const recalled = { item, batch: 'R1', area: '05', reason: 'particles' };
  const recall = await idOf('recallBatch', recalled, 'BatchRecall');
  const registered = {
    ...holder,
    kind: 'DEPOT_MODULE',
    name: 'Packets West',
    releaseArea: '05',
    releaseRule: 'the Land decides',
    readinessHours: 4,
    packets: 8,
    severePatients: 25,
    lightPatients: 225,
    days: 3,
  };
  const reserve = await idOf('registerReserve', registered, 'Reserve');
  const reported = {
    facility,
    kind: 'VENTILATOR',
    failedDevices: 2,
    devices: 8,
    source: 'intensive care',
    beds: [{ category: 'ICU_HIGH_CARE', beds: 2 }],
    since: world.inHours(-1),
    expectedRepairAt: world.inHours(9),
    description: 'no pressure',
    servicePartner: partner,
    observedAt: world.inHours(0),
  };
  const fault = await idOf('reportDeviceFault', reported, 'DeviceFault');
  const level = {
    facility,
    kind: 'GENERATOR_FUEL',
    stock: 4_000,
    load: 60,
    unit: 'LITRE',
    nextDelivery: { at: world.inHours(6), quantity: 2_000 },
    source: 'plant room',
    method: 'REPORTED',
    observedAt: world.inHours(0),
  };
  const booking = {
    ...holder,
    ...litres,
    item,
    kind: 'RECEIPT',
    quantity: 5,
    batch: 'B2',
    usableUntil: world.inHours(5_000),
    at: world.inHours(-1),
    reason: 'delivered',
    minimum: 10,
    averageConsumption: 2,
  };
  const because = { reason: 'as agreed' };
  good = {
    reportDeviceFault: reported,
    acknowledgeDeviceFault: { fault, expectedRepairAt: world.inHours(9) },
    dispatchTechnician: { fault, expectedAt: world.inHours(3) },
    proposeDeviceFaultClosing: { fault, resolution: 'REPAIRED', note: 'a new valve' },
    closeDeviceFault: { fault, resolution: 'REPAIRED', note: 'a new valve' },
    declareSupplyChain: {
      ...holder,
      item,
      links: [{ tier: 1, country: 'DE', singleSource: true, stockDays: 3 }],
    },
    reportLifeline: level,
    reportLifelines: { reports: [level] },
    declareManufacturing: {
      ...holder,
      ...litres,
      item,
      method: 'FORMULA',
      perDay: 40,
      materialDays: 12,
      surge: { perDay: 80, rampUpDays: 5 },
    },
    registerOrganisation: { kind: 'DEPOT', name: 'Depot South', ...COLOGNE },
    recallBatch: recalled,
    endRecall: { recall, ...because },
    planRefuelling: {
      area: '05315',
      vehicles: [
        { id: 'T1', litres: 9_000, position: COLOGNE.position, availableFrom: world.inHours(1) },
      ],
    },
    commitSupply: { ...committed, offer: null },
    offerSupply: offered,
    dispatchShipment: dispatched,
    receiveShipment: {
      shipment,
      quantity: 5,
      ...litres,
      usableUntil: null,
      arrivedAt: world.inHours(0),
    },
    rejectShipment: { shipment, quantity: 2, ...litres, handling: 'DESTROY', ...because },
    returnShipment: { shipment: arrived, quantity: 1, ...litres, ...because },
    declareShipmentLost: { shipment, ...because },
    declareStorage: { ...holder, ...litres, kind: 'COLD', capacity: 90, free: 40 },
    requestSupply: requested,
    acknowledgeSupplyRequest: { request: request.id },
    registerReserve: { ...registered, name: 'Packets East' },
    releaseReserve: { reserve, packets: 1, forArea: '05315', ...because, line: null },
    replenishReserve: { reserve, packets: 1 },
    bookStock: { booking },
    bookStocks: { bookings: [booking] },
    withdrawSupplyOffer: { offer },
    withdrawSupplyCommitment: { commitment, ...because },
    cancelSupplyRequest: { request: request.id, ...because },
  };
});
afterAll(() => world.close());

/** The ways to spoil an input: the path of a field and the value that is written there. */
function spoilt(type: GraphQLInputObjectType, input: Input, path: readonly string[] = []) {
  const found: { at: string; input: Input }[] = [];
  const replaced = (name: string, value: unknown): Input => ({ ...input, [name]: value });
  for (const { name, type: fieldType } of Object.values(type.getFields())) {
    const named = getNamedType(fieldType);
    const isList = isListType(getNullableType(fieldType));
    if (isInputObjectType(named)) {
      const value = isList ? input[name]?.[0] : input[name];
      if (value == null) continue;
      for (const one of spoilt(named, value, [...path, name]))
        found.push({ at: one.at, input: replaced(name, isList ? [one.input] : one.input) });
      continue;
    }
    for (const bad of BAD[named.name] ?? []) {
      const field = [...path, name].join('.');
      if ((MEANINGFUL[name] ?? MEANINGFUL[field])?.includes(bad)) continue;
      const at = `${field}: ${JSON.stringify(bad).slice(0, 40)}`;
      found.push({ at, input: replaced(name, isList ? [bad] : bad) });
    }
  }
  return found;
}

/** A digest of the rows of each table that a mutation can change, and no job or clock meanwhile. */
async function digest(): Promise<string[]> {
  const { rows } = await world.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
     AND relname NOT IN ('facility', 'item', '_prisma_migrations', 'idempotent_call', 'bed_limit', 'job', 'device_fault')
     AND relname !~ '^(outbox|occupancy)' ORDER BY 1`,
  );
  const parts = rows.map(
    ({ name }) =>
      `SELECT '${name}' || md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS part FROM "${name}" t`,
  );
  const digests = await world.pool.query<{ part: string }>(parts.join(' UNION ALL '));
  return digests.rows.map(({ part }) => part);
}

const outcomeOf = async (field: string, input: Input, key: string = randomUUID()) => {
  const type = MUTATIONS[field]!.args[0]!.type as { toString(): string };
  const named = getNamedType(MUTATIONS[field]!.args[0]!.type) as GraphQLInputObjectType;
  const keyed = 'idempotencyKey' in named.getFields() ? { idempotencyKey: key } : {};
  const each = 'outcomes { __typename ... on Refusal { message } }';
  if (field === 'reportLifelines') {
    return world.request(
      `mutation ($input: ReportLifelinesInput!) { reportLifelines(input: $input) { ${each} } }`,
      { input },
      who,
    );
  }
  const outcomes = field === 'bookStocks' ? `... on BookedStocks { ${each} }` : '';
  return world.request(
    `mutation ($input: ${type.toString()}) { ${field}(input: $input) { __typename ... on Refusal { message } ${outcomes} } }`,
    { input: { ...keyed, ...input } },
    who,
  );
};

/** Whether a response refuses, in a sentence or with the code of a caller's fault. */
function isRefused({ data, errors }: any, field: string): boolean {
  if (errors) return errors.every(({ extensions }: any) => CALLERS_FAULT.test(extensions.code));
  const result = data[field];
  const each = result.outcomes ?? [result];
  return each.every(({ message }: any) => typeof message === 'string' && message.endsWith('.'));
}
const CALLERS_FAULT = /^(BAD_USER_INPUT|FORBIDDEN|TOO_MUCH)$/;

test('there is a good input of every mutation', () => {
  expect(Object.keys(good).sort()).toEqual(Object.keys(MUTATIONS).sort());
});

describe('what nobody can mean is refused with a sentence, and nothing is stored:', () => {
  test.each(Object.keys(MUTATIONS))('%s', async (field) => {
    const type = getNamedType(MUTATIONS[field]!.args[0]!.type) as GraphQLInputObjectType;
    const before = await digest();
    const accepted: string[] = [];
    for (const { at, input } of spoilt(type, good[field]!, [field])) {
      const response = await outcomeOf(field, input);
      if (!isRefused(response, field)) accepted.push(`${at}: ${JSON.stringify(response)}`);
    }
    expect(accepted).toEqual([]);
    expect(await digest()).toEqual(before);
  });
});

test('each of the inputs is good where nothing of it is spoilt', async () => {
  // A request is acknowledged by another person than the one who made it.
  who = { ...who, subject: 'another person' };
  for (const [field, input] of Object.entries(good)) {
    const { data, errors } = await outcomeOf(field, input);
    expect([field, errors, data?.[field]]).toEqual([field, undefined, expect.anything()]);
    const each = data[field].outcomes ?? [data[field]];
    expect([field, each.filter((one: any) => one === null || 'message' in one)]).toEqual([
      field,
      [],
    ]);
  }
});
