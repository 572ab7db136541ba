import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { openDatabase } from '../database/database.js';
import { BedStore } from './store.js';
import { finalizeReported, publishLapsed } from '../reservations/store-timers.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { hold } from '../testing/holds.js';
import { kreiseWith, searchFacilities } from '../testing/facility-search.js';
import { report, send, sendAll } from '../testing/reports.js';
import { reserve, transition, slotRequest } from '../testing/reservations.js';

let world: CapacityWorld;
let kreise: { area: string; facilities: string[] }[];
beforeAll(async () => {
  world = await capacityWorld();
  kreise = await kreiseWith(world, 2);
});
afterAll(() => world.close());

/** Two facilities of a Kreis that no other test uses, each with a share of 96 beds, 80 of them occupied. */
async function twoShares() {
  const { area, facilities } = kreise.pop()!;
  const [facility, other] = facilities as [string, string];
  world.later(1);
  await sendAll(world, [share(facility), share(other)]);
  return { area, facility, other };
}

const share = (facility: string, changes: object = {}) =>
  report(world, facility, {
    operable: 96,
    occupied: 80,
    method: 'MODELLED',
    source: 'register',
    ...changes,
  });
const level = (facility: string, category: string, operable: number, occupied: number) =>
  report(world, facility, { category, operable, occupied });

/** Returns the numbers in force of a facility, per category. */
async function inForce(facility: string) {
  const { data } = await world.request(
    `query ($id: ID!) { facility(id: $id) { beds {
      category operable occupied reserved held free overcommitted stale } } }`,
    { id: facility },
  );
  return Object.fromEntries(
    data.facility.beds.map(({ category, ...beds }: { category: string }) => [category, beds]),
  );
}

/** Operable intensive care of a Kreis, all categories together, and how much of it is modelled. */
async function sumsOf(area: string) {
  const { data } = await world.request(
    `query ($code: String!) { region(code: $code) { beds { category operable occupied modelled } } }`,
    { code: area },
  );
  return Object.fromEntries(
    data.region.beds.map(({ category, operable, occupied, modelled }: any) => [
      category,
      [operable, occupied, modelled],
    ]),
  );
}

test.each(['ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO'])(
  'a facility’s own report of %s replaces its modelled share, and a region counts each bed once',
  async (category) => {
    const { area, facility } = await twoShares();
    expect(await sumsOf(area)).toEqual({ ICU_UNSPECIFIED: [192, 160, 192] });
    await send(world, level(facility, category, 40, 35));
    expect(await inForce(facility)).toMatchObject({ [category]: { operable: 40, free: 5 } });
    expect(await inForce(facility)).not.toHaveProperty('ICU_UNSPECIFIED');
    expect(await sumsOf(area)).toEqual({
      ICU_UNSPECIFIED: [96, 80, 96],
      [category]: [40, 35, 0],
    });
  },
);

test('beds for children are subtracted from the share, never below 0; beds for newborns are not', async () => {
  const { area, facility } = await twoShares();
  await sendAll(world, [
    level(facility, 'PAEDIATRIC_ICU', 12, 9),
    level(facility, 'NEONATAL_ICU', 20, 20),
  ]);
  expect(await sumsOf(area)).toEqual({
    ICU_UNSPECIFIED: [180, 151, 180],
    PAEDIATRIC_ICU: [12, 9, 0],
    NEONATAL_ICU: [20, 20, 0],
  });
  world.later(1);
  await send(world, level(facility, 'PAEDIATRIC_ICU', 100, 90));
  expect(await inForce(facility)).toMatchObject({
    ICU_UNSPECIFIED: { operable: 0, occupied: 0, free: 0, overcommitted: 0 },
  });
});

test('a facility that withdraws its report, stating no numbers, has its share again', async () => {
  const { area, facility } = await twoShares();
  await send(world, level(facility, 'ICU_HIGH_CARE', 40, 35));
  world.later(1);
  await send(
    world,
    report(world, facility, { category: 'ICU_HIGH_CARE', operable: null, occupied: null }),
  );
  expect(await sumsOf(area)).toEqual({
    ICU_UNSPECIFIED: [192, 160, 192],
    ICU_HIGH_CARE: [null, null, 0],
  });
});

test('a stale own report stays in force until a newer share, which then stands for it', async () => {
  const { area, facility, other } = await twoShares();
  world.later(1);
  await sendAll(world, [level(facility, 'ICU_HIGH_CARE', 40, 35), level(facility, 'ECMO', 4, 1)]);
  world.later(DAY_MINUTES);
  expect(await inForce(facility)).toEqual({
    ICU_HIGH_CARE: expect.objectContaining({ operable: 40, stale: true }),
    ECMO: expect.objectContaining({ operable: 4, stale: true }),
  });
  await sendAll(world, [share(facility, { operable: 50 }), share(other, { operable: 142 })]);
  expect(await sumsOf(area)).toEqual({ ICU_UNSPECIFIED: [192, 160, 192] });
  world.later(1);
  await send(world, level(facility, 'ECMO', 4, 1));
  // One level that is fresh speaks for the facility, the stale one beside it is shown as stale.
  expect(await inForce(facility)).toEqual({
    ICU_HIGH_CARE: expect.objectContaining({ stale: true }),
    ECMO: expect.objectContaining({ stale: false }),
  });
});

test('reservations on a replaced share count in the facility’s own category, and what is too much is overcommitted', async () => {
  const { facility } = await twoShares();
  const { id, items } = await reserve(world, [slotRequest(facility, { count: 7 })]);
  expect(items[0]).toMatchObject({ category: 'ICU_UNSPECIFIED', status: 'OPEN' });
  await sendAll(world, [
    level(facility, 'ICU_LOW_CARE', 10, 2),
    level(facility, 'ICU_HIGH_CARE', 40, 35),
  ]);
  expect(await inForce(facility)).toMatchObject({
    ICU_LOW_CARE: { reserved: 0, free: 8 },
    ICU_HIGH_CARE: { reserved: 7, free: 0, overcommitted: 2 },
  });
  world.later(1);
  await transition(world, 'redeem', id);
  expect(await inForce(facility)).toMatchObject({ ICU_HIGH_CARE: { reserved: 0, occupied: 42 } });
  world.later(1);
  await send(world, level(facility, 'ICU_HIGH_CARE', 45, 42));
  expect(await inForce(facility)).toMatchObject({ ICU_HIGH_CARE: { occupied: 42, free: 3 } });
});

test('reservations on a level count in the share that stands for it, and arrivals until a report counts them', async () => {
  const { facility } = await twoShares();
  await send(world, level(facility, 'ICU_HIGH_CARE', 40, 30));
  const items = [slotRequest(facility, { category: 'ICU_HIGH_CARE', count: 4 })];
  const kept = await reserve(world, items, {
    until: world.inHours(23),
  });
  world.later(22 * 60);
  await send(
    world,
    report(world, facility, { category: 'ICU_HIGH_CARE', operable: null, occupied: null }),
  );
  expect(await inForce(facility)).toMatchObject({ ICU_UNSPECIFIED: { reserved: 4, free: 12 } });
  await transition(world, 'redeem', kept.id);
  expect(await inForce(facility)).toMatchObject({ ICU_UNSPECIFIED: { occupied: 84, free: 12 } });
  world.later(1);
  await send(world, share(facility, { occupied: 84 }));
  expect(await inForce(facility)).toMatchObject({ ICU_UNSPECIFIED: { occupied: 84, free: 12 } });
});

test('held beds of a replaced share are held in the facility’s own category', async () => {
  const { facility } = await twoShares();
  await hold(world, facility, { count: 3 });
  await send(world, level(facility, 'ICU_HIGH_CARE', 40, 35));
  expect(await inForce(facility)).toMatchObject({ ICU_HIGH_CARE: { held: 3, free: 2 } });
});

test('a query for intensive care of any level finds a facility that reports its own, and no bed is given twice', async () => {
  const { area, facility, other } = await twoShares();
  await sendAll(world, [level(facility, 'ICU_HIGH_CARE', 40, 35), level(other, 'ECMO', 2, 2)]);
  const { nodes } = await searchFacilities(world, { area, categories: ['ICU_UNSPECIFIED'] });
  expect(nodes).toMatchObject([
    { facility: { id: facility }, beds: [{ category: 'ICU_UNSPECIFIED', usable: 5, free: 5 }] },
  ]);
  // Of both categories the beds are offered once.
  const both = await searchFacilities(world, {
    area,
    categories: ['ICU_UNSPECIFIED', 'ICU_HIGH_CARE'],
  });
  expect(both.nodes[0].beds.map(({ usable }: { usable: number }) => usable)).toEqual([0, 5]);

  expect(
    await reserve(world, [
      slotRequest(facility, { count: 3 }),
      slotRequest(facility, { category: 'ICU_HIGH_CARE', count: 3 }),
    ]),
  ).toMatchObject({ __typename: 'NoFreeSlot', shortfalls: [{ item: 1, free: 2 }] });
  expect(await reserve(world, [slotRequest(facility, { count: 5 })])).toMatchObject({
    __typename: 'Reservation',
  });
  expect(
    await reserve(world, [slotRequest(facility, { category: 'ICU_HIGH_CARE' })]),
  ).toMatchObject({
    __typename: 'NoFreeSlot',
    shortfalls: [{ free: 0 }],
  });
  expect(await inForce(facility)).toMatchObject({ ICU_HIGH_CARE: { reserved: 5, free: 0 } });
});

test('an alternative to a full facility may be one that reports its own levels', async () => {
  const { facility, other } = await twoShares();
  await send(world, level(other, 'ICU_HIGH_CARE', 400, 35));
  const refused = await reserve(world, [slotRequest(facility, { count: 300 })]);
  expect(refused.shortfalls[0].alternatives).toEqual([
    { facility: { id: other }, free: 365, km: expect.any(Number) },
  ]);
});

test('a report and reservations at once: every slot that was given counts', async () => {
  const { facility } = await twoShares();
  await Promise.all([
    ...Array.from({ length: 10 }, () => reserve(world, [slotRequest(facility)])),
    send(world, level(facility, 'ICU_HIGH_CARE', 40, 35)),
  ]);
  const { reserved, free, overcommitted } = (await inForce(facility)).ICU_HIGH_CARE;
  expect(free - overcommitted).toBe(5 - reserved);
  const { rows } = await world.pool.query(
    'SELECT sum(count)::int AS count FROM reservation_item WHERE facility_id = $1',
    [facility],
  );
  expect(reserved).toBe(rows[0].count);
});

describe('subscribers of both categories receive an event', () => {
  const tagsOf = async (facility: string, topic: string) => {
    const events = await world.eventsOf({ entity: facility, topic });
    return events.at(-1)?.tags.sort();
  };
  const BOTH = ['category:ICU_HIGH_CARE', 'category:ICU_UNSPECIFIED'];

  test('of an own report, of its end by the clock, and of the share that follows', async () => {
    const { facility } = await twoShares();
    await send(world, level(facility, 'ICU_HIGH_CARE', 40, 35));
    expect(await tagsOf(facility, 'capacity.beds-reported')).toEqual(BOTH);
    const before = await world.eventCount({ entity: facility });
    world.later(1);
    await send(world, share(facility));
    expect(await world.eventCount({ entity: facility })).toBe(before);
    world.later(DAY_MINUTES);
    await withDatabase((database) => new BedStore(database, world.clock.now).publishStaleness());
    expect(await tagsOf(facility, 'capacity.beds-went-stale')).toEqual(BOTH);
    await send(world, share(facility));
    expect(await tagsOf(facility, 'capacity.beds-reported')).toEqual(BOTH);
  });

  test('of slots on a replaced share that are reserved, given back, or lapse, and of held beds', async () => {
    const { facility } = await twoShares();
    const { id } = await reserve(world, [slotRequest(facility)]);
    await reserve(world, [slotRequest(facility)]);
    await send(world, level(facility, 'ICU_HIGH_CARE', 40, 35));
    await reserve(world, [slotRequest(facility)]);
    expect(await tagsOf(facility, 'capacity.beds-claimed')).toEqual(BOTH);
    await transition(world, 'release', id);
    expect(await tagsOf(facility, 'capacity.beds-freed')).toEqual(BOTH);
    world.later(31);
    await withDatabase((database) => publishLapsed(database, world.clock.now));
    expect(await tagsOf(facility, 'capacity.beds-freed')).toEqual(BOTH);
  });
});

test('an arrival on a replaced share is finalized once a report of a level has counted it for a day', async () => {
  const { facility } = await twoShares();
  const { id } = await reserve(world, [slotRequest(facility)]);
  await transition(world, 'redeem', id);
  world.later(1);
  await send(world, level(facility, 'ICU_HIGH_CARE', 40, 36));
  const openItems = async () => {
    await withDatabase((database) => finalizeReported(database, world.clock.now));
    const { rowCount } = await world.pool.query(
      'SELECT FROM reservation_item WHERE reservation_id = $1 AND NOT settled',
      [id],
    );
    return rowCount;
  };
  expect(await openItems()).toBe(1);
  world.later(DAY_MINUTES);
  expect(await openItems()).toBe(0);
});

test.each(['ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', 'PAEDIATRIC_ICU'])(
  'an arrival in %s counts in a share from before it, when the facility states no numbers any more',
  async (category) => {
    const { facility } = await twoShares();
    await send(world, level(facility, category, 40, 35));
    const { id } = await reserve(world, [slotRequest(facility, { category, count: 2 })]);
    world.later(1);
    await transition(world, 'redeem', id);
    const finalize = () => withDatabase((database) => finalizeReported(database, world.clock.now));
    for (const numbers of [
      { operable: 40, occupied: 37 },
      { operable: null, occupied: null },
    ]) {
      world.later(1);
      await send(world, report(world, facility, { category, ...numbers }));
      await finalize();
    }
    expect(await inForce(facility)).toMatchObject({ ICU_UNSPECIFIED: { occupied: 82, free: 14 } });
    world.later(1);
    await send(world, share(facility, { occupied: 82 }));
    await finalize();
    expect(await inForce(facility)).toMatchObject({ ICU_UNSPECIFIED: { occupied: 82, free: 14 } });
    const { rowCount } = await world.pool.query(
      'SELECT FROM reservation_item WHERE reservation_id = $1 AND NOT settled',
      [id],
    );
    expect(rowCount).toBe(0);
  },
);

test('a replaced share remains readable among the sources of its category', async () => {
  const { facility } = await twoShares();
  await send(world, level(facility, 'ICU_HIGH_CARE', 40, 35));
  const { data } = await world.request(
    `query ($id: ID!) { facility(id: $id) { beds(category: ICU_UNSPECIFIED) {
      operable status chosenBy sources { operable method inForce } } } }`,
    { id: facility },
  );
  expect(data.facility.beds).toEqual([
    {
      operable: null,
      status: 'NOT_REPORTED',
      chosenBy: null,
      sources: [{ operable: 96, method: 'MODELLED', inForce: false }],
    },
  ]);
});

async function withDatabase(act: (database: ReturnType<typeof openDatabase>) => Promise<void>) {
  const database = openDatabase(world.databaseUrl);
  await act(database);
  await database.close();
}
