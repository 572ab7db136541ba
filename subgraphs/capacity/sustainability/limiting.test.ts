import { backToStart } from '../../../shared/testing/back-to-start.js';
import { DAY_MINUTES, HOUR_MINUTES, HOUR_MS } from '../../../shared/time/rules.js';
import type { CapacityWorld } from '../testing/capacity-world.js';
import { declaration, declare as declareIntake } from '../testing/intakes.js';
import { codesAgainst, searchFacilities } from '../testing/facility-search.js';
import { facilitiesOf, report, send } from '../testing/reports.js';
import { reserve, slotRequest } from '../testing/reservations.js';
import { declare, sustainabilityWorld } from '../testing/sustainability.js';

const HIGH = 'ICU_HIGH_CARE';

let world: CapacityWorld;
let facility: string;
let restart: () => Promise<void>;
beforeAll(async () => {
  world = await sustainabilityWorld();
  restart = await backToStart(world);
});
beforeEach(async () => {
  await restart();
  [facility] = (await facilitiesOf(world, '05315', 1)) as [string];
  await observe({ operable: 10, occupied: 4, category: HIGH });
});
afterAll(() => world.close());

const observe = (changes: object) => send(world, report(world, facility, changes));
const bedsOf = async (category = HIGH, who?: object) => {
  const { data, errors } = await world.request(
    `query ($id: ID!, $category: BedCategory) { facility(id: $id) { beds(category: $category) {
      operable occupied free overcommitted
      sustainable { beds method cause source from at notRenewed } } } }`,
    { id: facility, category },
    who as never,
  );
  expect(errors).toBeUndefined();
  return data.facility.beds[0];
};
const codes = (category = HIGH) => codesAgainst(world, facility, { categories: [category] });
const COLOGNE = { role: 'crisis-staff', areas: ['05315'] };
const MUNICH = { role: 'crisis-staff', areas: ['09162'] };

describe('free beds', () => {
  test.each([
    [0, 0, 4],
    [3, 0, 1],
    [4, 0, 0],
    [6, 2, 0],
    [10, 6, 0],
    [50, 6, 0],
  ])('%d sustainable beds leave %d of 10 with 4 occupied', async (beds, free, overcommitted) => {
    await declare(world, { facility, beds });
    expect(await bedsOf()).toMatchObject({ operable: 10, occupied: 4, free, overcommitted });
  });

  test('are limited by the least of all causes, and by nothing after all are lifted', async () => {
    await declare(world, { facility, beds: 7 });
    await declare(world, { facility, beds: 5, cause: 'STAFF' });
    expect(await bedsOf()).toMatchObject({ free: 1, sustainable: { beds: 5, cause: 'STAFF' } });
    world.later(1);
    await declare(world, { facility, beds: null, cause: 'STAFF' });
    expect(await bedsOf()).toMatchObject({ free: 3, sustainable: { beds: 7, cause: 'POWER' } });
    await declare(world, { facility, beds: null });
    expect(await bedsOf()).toMatchObject({ free: 6, sustainable: null });
  });

  test('stay as they are until the hour of failure, also where nobody renews the declaration', async () => {
    await declare(world, { facility, from: 30, until: 12 });
    expect(await bedsOf()).toMatchObject({ free: 6, overcommitted: 0 });
    world.later(30 * HOUR_MINUTES - 1);
    await observe({ operable: 10, occupied: 4, category: HIGH });
    expect(await bedsOf()).toMatchObject({ free: 6, sustainable: { notRenewed: true } });
    world.later(1);
    expect(await bedsOf()).toMatchObject({ free: 0, overcommitted: 4 });
  });

  test('reserved and held beds are among those that must be sustained', async () => {
    await reserve(world, [slotRequest(facility, { category: HIGH, count: 2 })], {
      until: new Date(world.clock.now.getTime() + 20 * HOUR_MS),
    });
    await declare(world, { facility, beds: 7 });
    expect(await bedsOf()).toMatchObject({ free: 1 });
  });

  test('modelled declarations limit none, for ever', async () => {
    await declare(world, { facility, method: 'MODELLED' });
    expect(await bedsOf()).toMatchObject({ free: 6, sustainable: { method: 'MODELLED' } });
    expect(await codes()).toEqual([]);
    world.later(30 * DAY_MINUTES);
    await observe({ operable: 10, occupied: 4, category: HIGH });
    expect(await bedsOf()).toMatchObject({ free: 6 });
    expect(await codes()).toEqual([]);
  });

  test('a limit of unspecified intensive care is one of each of its levels', async () => {
    await declare(world, { facility, category: 'ICU_UNSPECIFIED' });
    expect(await bedsOf()).toMatchObject({ free: 0, sustainable: { beds: 0 } });
  });

  test('a modelled share that stands for the levels is limited once all of them are', async () => {
    const share = { category: 'ICU_UNSPECIFIED', method: 'MODELLED', source: 'a rule' };
    world.later(25 * HOUR_MINUTES);
    await observe({ ...share, operable: 20, occupied: 8 });
    const freeOfShare = async () => (await bedsOf('ICU_UNSPECIFIED')).free;
    expect(await freeOfShare()).toBe(12);
    await declare(world, { facility, beds: 6 });
    expect(await freeOfShare()).toBe(12);
    await declare(world, { facility, beds: 3, category: 'ICU_LOW_CARE' });
    expect(await freeOfShare()).toBe(1);
    await declare(world, { facility, beds: 2, category: 'ECMO' });
    expect(await freeOfShare()).toBe(3);
  });

  test('the sums of regions follow', async () => {
    const sum = async () => {
      const { data } = await world.request(`{ region(code: "05315") { beds { category free } } }`);
      const all = data.region.beds as { category: string; free: number }[];
      return all.find(({ category }) => category === HIGH)!.free;
    };
    const before = await sum();
    await declare(world, { facility, beds: 5 });
    expect(await sum()).toBe(before - 5);
  });

  test('a reservation gets no more than they are', async () => {
    await declare(world, { facility, beds: 5 });
    const outcome = await reserve(world, [slotRequest(facility, { category: HIGH, count: 2 })]);
    expect(outcome).toMatchObject({ __typename: 'NoFreeSlot', shortfalls: [{ free: 1 }] });
    await reserve(world, [slotRequest(facility, { category: HIGH, count: 1 })]);
    const full = await reserve(world, [slotRequest(facility, { category: HIGH, count: 1 })]);
    expect(full).toMatchObject({ __typename: 'NoFreeSlot' });
  });
});

describe('a facility in a search', () => {
  test.each([
    [5.9, ['NOT_SUSTAINABLE']],
    [6, []],
    [0, ['NOT_SUSTAINABLE']],
  ])('whose beds fail in %d hours: %j', async (from, expected) => {
    await declare(world, { facility, from });
    expect(await codes()).toEqual(expected);
  });

  test('is left out by the clock alone once the hour is near', async () => {
    await declare(world, { facility, from: 7 });
    expect(await codes()).toEqual([]);
    world.later(61);
    expect(await codes()).toEqual(['NOT_SUSTAINABLE']);
  });

  test('is usable again when the hour is at least two hours later than the limit', async () => {
    await declare(world, { facility, from: 3 });
    for (const [from, expected] of [
      [7, ['NOT_SUSTAINABLE']],
      [7.9, ['NOT_SUSTAINABLE']],
      [8, []],
      [7, []],
    ] as const) {
      world.later(1);
      await declare(world, { facility, from });
      expect([from, await codes()]).toEqual([from, expected]);
    }
  });

  test('is full where it is full, whatever it can sustain', async () => {
    world.later(1);
    await observe({ operable: 4, occupied: 4, category: HIGH });
    await declare(world, { facility, beds: 0 });
    expect(await codes()).toEqual(['NO_PLACE_LEFT']);
  });

  test('is left out of mass-casualty intake while intensive care fails soon', async () => {
    await declareIntake(world, declaration(world, facility));
    const intake = () => codesAgainst(world, facility, { intake: ['SK_I'] });
    expect(await intake()).toEqual([]);
    await declare(world, { facility, from: 3 });
    expect(await intake()).toEqual(['NOT_SUSTAINABLE']);
  });

  test.each([
    [
      'blood fails, whatever beds that takes',
      { cause: 'BLOOD', category: 'ECMO' },
      ['NOT_SUSTAINABLE'],
    ],
    ['food fails, which takes its wards', { cause: 'FOOD', category: 'NORMAL_WARD' }, []],
    ['water fails in its wards', { cause: 'WATER', category: 'NORMAL_WARD' }, ['NOT_SUSTAINABLE']],
    ['power fails in beds of no casualty', { category: 'REHABILITATION' }, []],
    ['some beds last', { beds: 1 }, []],
  ])('in a mass casualty incident, while %s', async (_, changes, expected) => {
    await declareIntake(world, declaration(world, facility));
    await declare(world, { facility, from: 3, ...changes });
    expect(await codesAgainst(world, facility, { intake: ['SK_I'] })).toEqual(expected);
  });

  test('is left out for the beds that fail alone', async () => {
    await observe({ operable: 10, occupied: 4, category: 'NORMAL_WARD' });
    await declare(world, { facility });
    expect(await codes('NORMAL_WARD')).toEqual([]);
  });

  test('can take as many as it can sustain for the next hours', async () => {
    await declare(world, { facility, beds: 5, from: 3 });
    const { nodes } = await searchFacilities(
      world,
      { categories: [HIGH], area: '05315' },
      { first: 500 },
    );
    const usable = nodes.find((one: any) => one.facility.id === facility);
    expect(usable.beds).toMatchObject([{ usable: 1, free: 6 }]);
  });
});

describe('the hour of failure', () => {
  test('is known to those who lead the area and to the facility', async () => {
    await declare(world, { facility, from: 30 });
    for (const who of [
      COLOGNE,
      { role: 'hospital', facilities: [facility] },
      { role: 'service', facilities: [facility] },
      { role: 'dispatch', areas: ['05'] },
      { role: 'health-office', areas: ['05315'] },
    ]) {
      expect((await bedsOf(HIGH, who)).sustainable).toMatchObject({
        beds: 0,
        cause: 'POWER',
        source: 'generators',
        method: 'DEVICE',
        from: expect.stringMatching(/^2026-01-16T15/),
      });
    }
  });

  test.each([
    ['crisis staff elsewhere', MUNICH],
    ['the Single Point of Contact', { role: 'spoc', areas: [''] }],
    ['a partner’s machine for all of Germany', { role: 'service', areas: [''] }],
    ['a supplier', { role: 'supplier', areas: [''] }],
    ['another hospital', { role: 'hospital', areas: ['05315'], facilities: [] }],
  ])('is hidden from %s, who learn that the beds are not sustainable', async (_, who) => {
    await declare(world, { facility, from: 30 });
    expect((await bedsOf(HIGH, who)).sustainable).toBeNull();
    world.later(25 * HOUR_MINUTES);
    await observe({ operable: 10, occupied: 4, category: HIGH });
    expect((await bedsOf(HIGH, who)).sustainable).toMatchObject({
      beds: 0,
      cause: null,
      source: null,
      from: null,
    });
  });

  test('of a search names neither cause nor hour', async () => {
    await declare(world, { facility });
    const { leftOut } = await searchFacilities(world, { categories: [HIGH], area: '05315' });
    const one = leftOut.nodes.find((judged: any) => judged.facility.id === facility);
    expect(JSON.stringify(one)).not.toMatch(/POWER|generator|T\d\d:/);
  });
});

test('a declaration and a reservation at once never give a bed that cannot be sustained', async () => {
  const slotRequests = Array.from({ length: 8 }, () =>
    reserve(world, [slotRequest(facility, { category: HIGH })]),
  );
  await Promise.all([...slotRequests, declare(world, { facility, beds: 6 })]);
  const { free, overcommitted } = await bedsOf();
  expect(free).toBe(0);
  const late = await reserve(world, [slotRequest(facility, { category: HIGH })]);
  expect(late).toMatchObject({ __typename: 'NoFreeSlot' });
  expect(overcommitted).toBeGreaterThanOrEqual(0);
});
