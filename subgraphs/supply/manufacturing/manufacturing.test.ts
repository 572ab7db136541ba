import { randomUUID } from 'node:crypto';
import { codesOf } from '../../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { send } from '../testing/requests.js';
import { judgeExpiring } from '../stocks/index.js';
import { book, PROPOFOL } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

const MUNICH = { area: '09162', position: { latitude: 48.14, longitude: 11.57 } };

const declareRaw = (input: object, who?: TestIdentity) =>
  world.request(
    `mutation ($input: DeclareManufacturingInput!) { declareManufacturing(input: $input) {
      __typename ... on Refusal { message } ... on UnknownOrganisation { organisationId }
      ... on UnknownItem { itemId } ... on WrongUnit { item { pzn } givenUnit }
      ... on Manufacturing { id organisation { id } item { pzn } method perDay materialDays surgePerDay rampUpDays declaredAt
        coverage(demandPerDay: 1000) { coversFromDay uncoveredFromDay } } } }`,
    { input: declaration(input) },
    who,
  );
const declare = async (input: object, who?: TestIdentity) =>
  (await declareRaw(input, who)).data.declareManufacturing;
const declaration = (changes: object) => ({
  item: PROPOFOL,
  unit: 'PACK',
  method: 'STERILE',
  perDay: 100,
  idempotencyKey: randomUUID(),
  ...changes,
});

const bridgeRaw = (variables: object, who?: TestIdentity) =>
  world.request(
    `query ($item: ID!, $area: String!, $days: Int!, $demandPerDay: Float) {
      bridging(item: $item, area: $area, days: $days, demandPerDay: $demandPerDay) {
        demandPerDay modelledDemandPerDay stock modelledStock stockDays coveredDays coveredUntil uncoveredFromDay uncovered productionCoversFromDay
        region { code } makers { quantity firstDay lastDay until manufacturing { organisation { id } method } } } }`,
    variables,
    who,
  );
const bridge = async (variables: object, who?: TestIdentity) =>
  (await bridgeRaw(variables, who)).data.bridging;

describe('declaring what can be made', () => {
  test('is open to the organisation itself, says from when on it covers a demand, and writes an event', async () => {
    const organisation = await newOrganisation(world, { kind: 'MANUFACTURER' });
    const surge = { perDay: 1_000.5, rampUpDays: 14 };
    const declared = await declare({ organisation, surge }, supplierOf(organisation));
    expect(declared).toMatchObject({
      __typename: 'Manufacturing',
      organisation: { id: organisation },
      item: { pzn: '00194323' },
      method: 'STERILE',
      perDay: 100,
      materialDays: null,
      surgePerDay: 1_000.5,
      rampUpDays: 14,
      declaredAt: world.clock.now.toISOString(),
      coverage: { coversFromDay: 15, uncoveredFromDay: null },
    });
    expect(await world.eventsOf({ entity: declared.id })).toMatchObject([
      { topic: 'supply.manufacturing-declared', area: '05315' },
    ]);
  });

  test('again replaces what was said, and 0 ends it', async () => {
    const organisation = await newOrganisation(world);
    const shown = async () => {
      const { data } = await world.request(
        'query ($id: ID!) { organisation(id: $id) { manufacturing { perDay } } }',
        { id: organisation },
      );
      return data.organisation.manufacturing;
    };
    const { id } = await declare({ organisation, perDay: 5 });
    expect((await declare({ organisation, perDay: 7 })).id).toBe(id);
    expect(await shown()).toEqual([{ perDay: 7 }]);
    await declare({ organisation, perDay: 0 });
    expect(await shown()).toEqual([]);
  });

  test('with one key is done once, also by twenty calls at once', async () => {
    const organisation = await newOrganisation(world);
    const input = declaration({ organisation });
    const before = await world.eventCount();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => declare(input)));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect(await world.eventCount()).toBe(before + 1);
    expect(await declare({ ...input, perDay: 1 })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
  });

  test('is refused for what does not exist and in another unit, and nothing is stored', async () => {
    const organisation = await newOrganisation(world);
    const before = await world.eventCount();
    expect(await declare({ organisation: UNKNOWN_ID })).toMatchObject({
      organisationId: UNKNOWN_ID,
    });
    expect(await declare({ organisation, item: 'pzn:00194324' })).toMatchObject({
      __typename: 'UnknownItem',
      message: expect.stringContaining('check digit'),
    });
    expect(await declare({ organisation, unit: 'DOSE' })).toMatchObject({
      __typename: 'WrongUnit',
      item: { pzn: '00194323' },
      givenUnit: 'DOSE',
    });
    for (const changes of [{ perDay: -1 }, { perDay: 0.0001 }, { materialDays: -1 }]) {
      expect(codesOf(await declareRaw({ organisation, ...changes }))).toEqual(['BAD_USER_INPUT']);
    }
    expect(await world.eventCount()).toBe(before);
  });

  test('is not open to another organisation, another area and other roles', async () => {
    const organisation = await newOrganisation(world);
    const other = await newOrganisation(world);
    const strangers: TestIdentity[] = [
      supplierOf(other),
      { role: 'supplier', areas: ['05315'] },
      { role: 'health-office', areas: ['09'] },
      { role: 'hospital', facilities: [UNKNOWN_ID] },
      { role: 'dispatch', areas: [''] },
    ];
    for (const who of strangers) {
      expect(codesOf(await declareRaw({ organisation }, who))).toEqual(['FORBIDDEN']);
    }
    const office: TestIdentity = { role: 'health-office', areas: ['05315'] };
    expect(await declare({ organisation }, office)).toMatchObject({ __typename: 'Manufacturing' });
  });

  test('is hidden from a competitor and shown to those who bridge shortages', async () => {
    const organisation = await newOrganisation(world);
    const other = await newOrganisation(world);
    await declare({ organisation });
    const read = async (who: TestIdentity) =>
      (
        await world.request(
          'query ($id: ID!) { organisation(id: $id) { manufacturing { perDay } } }',
          { id: organisation },
          who,
        )
      ).data.organisation.manufacturing;
    expect(await read(supplierOf(other))).toBeNull();
    expect(await read(supplierOf(organisation))).toEqual([{ perDay: 100 }]);
    expect(await read({ role: 'dispatch', areas: ['09'] })).toEqual([{ perDay: 100 }]);
  });
});

describe('bridging', () => {
  const ITEM = 'pzn:00583912';

  test('names the makers of the area first, and says what is still uncovered', async () => {
    const near = await newOrganisation(world, { kind: 'HOSPITAL_PHARMACY' });
    const far = await newOrganisation(world, { kind: 'MANUFACTURER', ...MUNICH });
    await declare({ organisation: far, item: ITEM, perDay: 30, method: 'INDUSTRIAL' });
    await declare({ organisation: near, item: ITEM, perDay: 10, materialDays: 2 });
    const start = world.clock.now.getTime();
    const at = (days: number) => new Date(start + days * DAY_MS).toISOString();
    expect(await bridge({ item: ITEM, area: '05', days: 4, demandPerDay: 40 })).toEqual({
      demandPerDay: 40,
      stock: 0,
      stockDays: 0,
      region: { code: '05' },
      modelledDemandPerDay: 0,
      modelledStock: 0,
      coveredDays: 2,
      coveredUntil: at(2),
      uncoveredFromDay: 3,
      uncovered: 20,
      productionCoversFromDay: 1,
      makers: [
        {
          quantity: 20,
          firstDay: 1,
          lastDay: 2,
          until: at(2),
          manufacturing: { organisation: { id: near }, method: 'STERILE' },
        },
        {
          quantity: 120,
          firstDay: 1,
          lastDay: 4,
          until: at(4),
          manufacturing: { organisation: { id: far }, method: 'INDUSTRIAL' },
        },
      ],
    });
  });

  test('counts the stocks that the caller sees in the area, and their demand', async () => {
    const item = 'pzn:00204079';
    const [facility, elsewhere] = await Promise.all(
      ['05315', '09162'].map(async (area) => {
        const { data } = await world.capacity.request(
          'query ($area: String!) { facilities(filter: { area: $area }, first: 1) { nodes { id } } }',
          { area },
        );
        return data.facilities.nodes[0].id as string;
      }),
    );
    const { rows } = await world.pool.query(`SELECT id FROM item WHERE pzn = '00204079'`);
    for (const holder of [facility, elsewhere]) {
      await world.pool.query(
        `INSERT INTO stock (holder_kind, holder_id, item_id, quantity, average_consumption, created_at, changed_at)
         VALUES ('FACILITY', $1, $2, 30, 10, now(), now())`,
        [holder, rows[0].id],
      );
    }
    const bridged = { item, area: '05', days: 5 };
    expect(await bridge(bridged)).toMatchObject({
      demandPerDay: 10,
      stock: 30,
      stockDays: 3,
      coveredDays: 3,
      uncovered: 20,
      makers: [],
    });
    const own: TestIdentity = { role: 'hospital', facilities: [facility!] };
    expect(await bridge(bridged, own)).toMatchObject({ stock: 30, demandPerDay: 10 });
    const stranger: TestIdentity = { role: 'hospital', facilities: [elsewhere!] };
    expect(await bridge({ ...bridged, demandPerDay: 10 }, stranger)).toMatchObject({ stock: 0 });
    expect(codesOf(await bridgeRaw(bridged, stranger))).toEqual(['BAD_USER_INPUT']);
  });

  test('counts neither a recalled nor an expired batch of a stock', async () => {
    const [facility] = (await facilitiesIn(world, '05315', 1)) as [string];
    const until = world.inHours(1);
    const item = PROPOFOL;
    const batches = [
      { batch: 'R1', quantity: 30, averageConsumption: 10 },
      { batch: 'E1', quantity: 20, usableUntil: until },
      { batch: 'G1', quantity: 10 },
    ];
    for (const batch of batches) await book(world, { facility, item, ...batch });
    const input = { item, batch: 'R1', area: '', reason: 'glass', idempotencyKey: randomUUID() };
    await world.request(
      `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { __typename } }`,
      { input },
    );
    world.later(61);
    await judgeExpiring(world, world.clock.now);
    expect(await bridge({ item, area: '05', days: 5 })).toMatchObject({
      demandPerDay: 10,
      stock: 10,
      stockDays: 1,
    });
  });

  test.each([
    ['an unknown item', { item: 'pzn:00194324' }],
    ['no day', { days: 0 }],
    ['more than a year', { days: 366 }],
    ['a negative demand', { demandPerDay: -1 }],
    ['an area that does not exist', { area: '99' }],
  ])('refuses %s', async (_, changes) => {
    const bridged = { item: ITEM, area: '05', days: 4, demandPerDay: 40, ...changes };
    expect(codesOf(await bridgeRaw(bridged))).toEqual(['BAD_USER_INPUT']);
  });

  test.each(['supplier', 'chamber', 'partner'])('is not answered to the role %s', async (role) => {
    const bridged = { item: ITEM, area: '05', days: 4, demandPerDay: 40 };
    expect(codesOf(await bridgeRaw(bridged, { role, areas: [''] }))).toEqual(['FORBIDDEN']);
  });
});

describe('makers near a facility or a position', () => {
  const SUSPENSION = 'Paracetamol suspension';
  const near = async (variables: object, who?: TestIdentity) => {
    const response = await world.request(
      `query ($item: ID!, $near: NearInput!, $methods: [ManufacturingMethod!]) {
        makersNear(item: $item, near: $near, methods: $methods) {
          kilometres manufacturing { perDay method organisation { id } } } }`,
      variables,
      who,
    );
    return response.data?.makersNear ?? codesOf(response);
  };
  const AACHEN = { area: '05334', position: { latitude: 50.78, longitude: 6.08 } };

  test('are those within 100 km that make the item, the nearest first, with what they make a day', async () => {
    const { data } = await world.request(
      'query ($text: String) { items(filter: { text: $text }) { nodes { id } } }',
      { text: SUSPENSION },
    );
    const item = data.items.nodes[0].id as string;
    const [cologne, aachen, munich] = [
      await newOrganisation(world, { kind: 'PUBLIC_PHARMACY' }),
      await newOrganisation(world, { kind: 'HOSPITAL_PHARMACY', ...AACHEN }),
      await newOrganisation(world, { kind: 'PUBLIC_PHARMACY', ...MUNICH }),
    ];
    for (const [organisation, perDay, method] of [
      [cologne, 20, 'FORMULA'],
      [aachen, 80, 'LABORATORY'],
      [munich, 500, 'FORMULA'],
    ] as const) {
      await declare({ organisation, item, perDay, method });
    }
    const position = { latitude: 50.93, longitude: 6.95 };
    const found = await near({ item, near: { position } });
    expect(found).toEqual([
      {
        kilometres: expect.any(Number),
        manufacturing: { perDay: 20, method: 'FORMULA', organisation: { id: cologne } },
      },
      {
        kilometres: expect.any(Number),
        manufacturing: { perDay: 80, method: 'LABORATORY', organisation: { id: aachen } },
      },
    ]);
    // Cologne to Aachen, from the map: 63 km.
    expect(found[1].kilometres).toBeGreaterThan(61);
    expect(found[1].kilometres).toBeLessThan(65);
    const ids = async (variables: object) =>
      (await near({ item, ...variables })).map((one: any) => one.manufacturing.organisation.id);
    expect(await ids({ near: { position, kilometres: 30 } })).toEqual([cologne]);
    expect(await ids({ near: { position }, methods: ['LABORATORY'] })).toEqual([aachen]);
    const { rows } = await world.pool.query(`SELECT id FROM facility WHERE area = '09162' LIMIT 1`);
    const facility = rows[0].id as string;
    expect(await ids({ near: { facility } })).toEqual([munich]);
    const bridged = await world.request(
      `query ($item: ID!, $near: NearInput) { bridging(item: $item, area: "05", days: 1, demandPerDay: 1000, near: $near) {
        makers { manufacturing { organisation { id } } } } }`,
      { item, near: { facility } },
    );
    expect(bridged.data.bridging.makers).toEqual([
      { manufacturing: { organisation: { id: munich } } },
    ]);
  });

  test.each([
    ['no position', {}],
    ['two positions', { facility: UNKNOWN_ID, position: { latitude: 50, longitude: 7 } }],
    ['an unknown facility', { facility: UNKNOWN_ID }],
    ['no distance', { position: { latitude: 50, longitude: 7 }, kilometres: 0 }],
    [
      'a distance around the earth',
      { position: { latitude: 50, longitude: 7 }, kilometres: 40_000 },
    ],
    ['a latitude beyond the pole', { position: { latitude: 91, longitude: 7 } }],
  ])('are not searched with %s', async (_, start) => {
    expect(await near({ item: PROPOFOL, near: start })).toEqual(['BAD_USER_INPUT']);
  });
});

test('a shortage says who can make the item, how many days that bridges, and nothing to who may not know', async () => {
  const item = 'pzn:00194346';
  const { rows } = await world.pool.query(`SELECT id FROM facility WHERE area = '09162' LIMIT 1`);
  const facility = rows[0].id as string;
  const booking = { facility, item, kind: 'RECEIPT', quantity: 4, unit: 'PACK' };
  const staff: TestIdentity = { role: 'hospital', facilities: [facility] };
  const booked = await send(
    world,
    'bookStock',
    { booking: { ...booking, averageConsumption: 2 } },
    staff,
  );
  expect(booked).toMatchObject({ __typename: 'StockBooking' });
  const [far, close] = [await newOrganisation(world), await newOrganisation(world, MUNICH)];
  await declare({ organisation: far, item, perDay: 5 });
  await declare({ organisation: close, item, perDay: 1 });
  const bridgingAs = async (who: TestIdentity) => {
    const { data } = await world.request(
      `{ shortages(area: "09162") { nodes { bridging { days stockDays coveredDays uncovered
        makers { quantity manufacturing { organisation { id } } } } } } }`,
      {},
      who,
    );
    return data.shortages.nodes[0].bridging;
  };
  // 28 packs in 14 days, of which 4 are there: the close one makes 14 in the time, the far one the other 10.
  expect(await bridgingAs(staff)).toEqual({
    days: 14,
    stockDays: 2,
    coveredDays: 14,
    uncovered: 0,
    makers: [
      { quantity: expect.any(Number), manufacturing: { organisation: { id: close } } },
      { quantity: expect.any(Number), manufacturing: { organisation: { id: far } } },
    ],
  });
  expect(await bridgingAs({ role: 'service', facilities: [facility] })).toBeNull();
});
