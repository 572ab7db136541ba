import { randomUUID } from 'node:crypto';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { book, PROPOFOL } from '../testing/stocks.js';
import { judgeExpiring } from '../stocks/index.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
let supplier: TestIdentity;
beforeAll(async () => {
  world = await supplyWorld();
  supplier = supplierOf(await newOrganisation(world));
});
beforeEach(() => world.pool.query('TRUNCATE stock, stock_batch, stock_booking, batch_recall'));
afterAll(() => world.close());

const shortages = async (area: string, who?: TestIdentity, after?: string) =>
  (
    await world.request(
      `query ($area: String!, $after: String) { shortages(area: $area, first: 2, after: $after) {
        nodes { missing item { pzn } stock { daysOfCover facility { id } duty { requiredDays } } }
        pageInfo { endCursor hasNextPage } } }`,
      { area, after },
      who,
    )
  ).data.shortages;

describe('shortages', () => {
  test('are the stocks below their duty in the area, the shortest first, page by page', async () => {
    const facilities = await facilitiesIn(world, '05', 4);
    const [elsewhere] = await facilitiesIn(world, '09', 1);
    for (const [n, facility] of facilities.entries()) {
      await book(world, { facility, quantity: (n + 1) * 5, averageConsumption: 1 });
    }
    await book(world, { facility: elsewhere!, quantity: 1, averageConsumption: 1 });
    const first = await shortages('05');
    expect(first.nodes).toMatchObject([
      {
        missing: 9,
        item: { pzn: '00194323' },
        stock: { daysOfCover: 5, facility: { id: facilities[0] } },
      },
      { missing: 4, stock: { daysOfCover: 10, duty: { requiredDays: 14 } } },
    ]);
    expect(first.pageInfo.hasNextPage).toBe(false);
    expect((await shortages('')).nodes[0].stock.facility.id).toBe(elsewhere);
    const next = await shortages('', undefined, (await shortages('')).pageInfo.endCursor);
    expect(next.nodes).toMatchObject([{ stock: { daysOfCover: 10 } }]);
  });

  test('are measured by each holder with its own duty', async () => {
    const [facility] = await facilitiesIn(world, '05', 1);
    const organisation = await newOrganisation(world, { kind: 'PUBLIC_PHARMACY' });
    const stock = { quantity: 10, averageConsumption: 1 };
    await book(world, { organisation, ...stock }, supplierOf(organisation));
    await book(world, { facility: facility!, ...stock });
    expect((await shortages('')).nodes).toMatchObject([{ stock: { facility: { id: facility } } }]);
  });

  // A pharmacist at night: two makers' packs of propofol 10 mg, one of them below its duty; one of 20 mg, and one of another form, are something else.
  test('show beside them what the holder has of the same substance, strength and dose form, and never sum it', async () => {
    const [facility, other] = (await facilitiesIn(world, '05', 2)) as [string, string];
    const ofSubstance = async (substance: string, others: boolean) =>
      (
        await world.pool.query(
          `SELECT o.pzn FROM item i JOIN item o ON o.substance = $1 AND o.id <> i.id AND (o.dose_form = i.dose_form) = $2
           WHERE i.pzn = '00194323' ORDER BY o.pzn LIMIT 1`,
          [substance, others],
        )
      ).rows[0].pzn;
    const same = `pzn:${await ofSubstance('Propofol 10 mg', true)}`;
    const stronger = `pzn:${await ofSubstance('Propofol 20 mg', true)}`;
    await book(world, { facility, quantity: 5, averageConsumption: 1 });
    await book(world, { facility, item: same, quantity: 30, averageConsumption: 1 });
    await book(world, { facility, item: stronger, quantity: 40 });
    await book(world, { facility: other, item: same, quantity: 70 });
    const { data } = await world.request(
      `query ($facility: ID!, $item: ID!) {
        shortages(area: "05") { nodes { missing stock { quantity sameSubstance { quantity daysOfCover item { doseForm substance } } } } }
        stocks(filter: { facility: $facility, item: $item, sameSubstance: true }) { nodes { quantity } } }`,
      { facility, item: PROPOFOL },
    );
    const item = { substance: 'Propofol 10 mg', doseForm: 'Emulsion zur Injektion/Infusion' };
    expect(data.shortages.nodes).toEqual([
      {
        missing: 9,
        stock: { quantity: 5, sameSubstance: [{ quantity: 30, daysOfCover: 30, item }] },
      },
    ]);
    expect(data.stocks.nodes).toEqual([{ quantity: 5 }, { quantity: 30 }]);
  });

  test('of packs are missing as whole packs', async () => {
    const [facility] = await facilitiesIn(world, '05', 1);
    await book(world, { facility: facility!, quantity: 1, averageConsumption: 0.36 });
    expect((await shortages('05')).nodes).toMatchObject([{ missing: 5 }]);
  });

  test('of others are hidden', async () => {
    const [facility] = await facilitiesIn(world, '05', 1);
    await book(world, { facility: facility!, averageConsumption: 1 });
    expect((await shortages('', { role: 'supplier', areas: [''] })).nodes).toEqual([]);
    expect((await shortages('', { role: 'hospital', facilities: [facility!] })).nodes).toHaveLength(
      1,
    );
  });
});

describe('needs', () => {
  const needs = async (area = '', who = supplier) =>
    (
      await world.request(
        `query ($area: String!, $item: ID) { needs(area: $area, item: $item) {
          nodes { area region { code } item { pzn } missing facilities } } }`,
        { area, item: PROPOFOL },
        who,
      )
    ).data.needs.nodes;

  test('are shown of a Kreis where three facilities contribute and the third largest is at least 20 % of the largest', async () => {
    const [first, second, third] = await facilitiesIn(world, '05315', 3);
    const short = { quantity: 4, averageConsumption: 1 };
    await book(world, { facility: first!, ...short });
    await book(world, { facility: second!, ...short });
    expect(await needs()).toEqual([]);
    await book(world, { facility: third!, quantity: 1, minimum: 6 });
    expect(await needs('05')).toEqual([
      {
        area: '05315',
        region: { code: '05315' },
        item: { pzn: '00194323' },
        missing: 25,
        facilities: 3,
      },
    ]);
    expect(await needs('09')).toEqual([]);
    await book(world, { facility: third!, kind: 'COUNT', quantity: 1, minimum: 51 });
    expect(await needs()).toMatchObject([{ missing: 70, facilities: 3 }]);
    await book(world, { facility: third!, kind: 'COUNT', quantity: 1, minimum: 51.001 });
    expect(await needs()).toEqual([]);
  });

  test('are hidden where one has more than 80 %, however many others contribute', async () => {
    const [largest, ...others] = await facilitiesIn(world, '05315', 11);
    await book(world, { facility: largest!, quantity: 1, minimum: 81 });
    for (const facility of others) await book(world, { facility, quantity: 1, minimum: 3 });
    expect(await needs()).toMatchObject([{ missing: 100, facilities: 11 }]);
    await book(world, { facility: largest!, kind: 'COUNT', quantity: 1, minimum: 81.001 });
    expect(await needs()).toEqual([]);
  });

  test('count neither recalled nor expired batches as there', async () => {
    const facilities = await facilitiesIn(world, '05315', 3);
    const until = world.inHours(1);
    for (const facility of facilities) {
      await book(world, { facility, quantity: 10, batch: 'R1', minimum: 14 });
      await book(world, { facility, quantity: 4, batch: 'E1', usableUntil: until });
    }
    expect(await needs()).toEqual([]);
    await world.request(
      `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { __typename } }`,
      {
        input: {
          item: PROPOFOL,
          batch: 'r1',
          area: '05',
          reason: 'glass',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(await needs()).toMatchObject([{ missing: 30, facilities: 3 }]);
    world.later(61);
    await judgeExpiring(world, world.clock.now);
    expect(await needs()).toMatchObject([{ missing: 42, facilities: 3 }]);
  });

  test('do not count what the caller has itself, so that it cannot subtract or move a sum', async () => {
    const [own, ...others] = await facilitiesIn(world, '05315', 4);
    for (const facility of others) await book(world, { facility, quantity: 4, minimum: 14 });
    const organisations = supplier.organisations!;
    const who: TestIdentity = { role: 'hospital', facilities: [own!], organisations };
    for (const minimum of [10, 11, 5_000]) {
      await book(world, { facility: own!, kind: 'COUNT', quantity: 1, minimum });
      expect(await needs('', who)).toMatchObject([{ missing: 30, facilities: 3 }]);
    }
  });

  test('are for suppliers, and for authorities in their areas', async () => {
    for (const facility of await facilitiesIn(world, '05315', 3)) {
      await book(world, { facility, quantity: 4, minimum: 14 });
    }
    const staff = (area: string) => ({ role: 'crisis-staff', areas: [area] });
    expect(await needs('', staff('05'))).toHaveLength(1);
    for (const who of [
      staff('09'),
      { role: 'supplier', areas: [''] },
      { role: 'hospital', facilities: supplier.organisations! },
      { role: 'chamber', areas: [''] },
      { role: 'spoc', areas: [''] },
    ]) {
      expect(await needs('', who)).toEqual([]);
    }
  });

  test('do not count a facility that lacks nothing', async () => {
    const [first, second, third] = await facilitiesIn(world, '05315', 3);
    for (const facility of [first!, second!])
      await book(world, { facility, averageConsumption: 1 });
    await book(world, { facility: third!, quantity: 100, averageConsumption: 1 });
    expect(await needs()).toEqual([]);
  });
});
