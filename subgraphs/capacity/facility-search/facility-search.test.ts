import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { declare } from '../testing/phases.js';
import {
  act,
  close,
  codesAgainst,
  kreiseWith,
  searchFacilities,
} from '../testing/facility-search.js';
import { report, send } from '../testing/reports.js';
import { declareIntake, reserve, transition } from '../testing/reservations.js';

let world: CapacityWorld;
let kreise: { area: string; facilities: string[] }[];
/** A Kreis with at least four hospitals that no other test has touched. */
const newKreis = () => kreise.pop()!;
beforeAll(async () => {
  world = await capacityWorld();
  kreise = await kreiseWith(world, 4);
});
afterAll(() => world.close());

const minutesAgo = (minutes: number) => world.inMinutes(-minutes);
/** Reports six intensive care beds, four of them with a patient. */
const reportIcu = (facility: string, changes: object = {}) =>
  send(world, report(world, facility, { operable: 6, occupied: 4, ...changes }));
const ICU = { categories: ['ICU_UNSPECIFIED'] };
const RED = { intake: ['SK_I'] };

test('every acute-care facility of the area is either usable or left out, with its reasons', async () => {
  const { area, facilities } = newKreis();
  const [free, full, stale] = facilities as [string, string, string];
  await reportIcu(stale, { observedAt: minutesAgo(DAY_MINUTES) });
  await reportIcu(full, { occupied: 6 });
  await reportIcu(free);
  const { totalCount, nodes, leftOut } = await searchFacilities(world, { area, ...ICU });
  expect(nodes).toMatchObject([
    {
      facility: { id: free },
      kilometres: null,
      phase: 'EVERYDAY',
      hazards: [],
      beds: [
        {
          category: 'ICU_UNSPECIFIED',
          usable: 2,
          free: 2,
          stale: false,
          provenance: { source: 'ward system' },
          reasons: [],
        },
      ],
      intake: [],
      cautions: [],
    },
  ]);
  expect([totalCount, leftOut.totalCount]).toEqual([1, facilities.length - 1]);
  const codes = new Map(
    leftOut.nodes.map(({ facility, reasons }: any) => [
      facility.id,
      reasons.map((one: any) => one.code),
    ]),
  );
  expect(codes.get(full)).toEqual(['NO_PLACE_LEFT']);
  expect(codes.get(stale)).toEqual(['STALE']);
  expect(codes.get(facilities[3])).toEqual(['NOT_REPORTED']);
});

test('with nothing asked every acute-care facility of Germany is there', async () => {
  const { rows } = await world.pool.query(
    `SELECT count(*)::int AS acute FROM facility WHERE kind IN ('HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'FIELD_CLINIC')`,
  );
  const { totalCount, leftOut } = await searchFacilities(world);
  expect(Number(totalCount) + Number(leftOut.totalCount)).toBe(rows[0].acute);
  expect(totalCount).toBeGreaterThan(1_500);
});

test('nobody is sent to a placeholder, though it has reported beds', async () => {
  const { data } = await world.request(
    '{ facilities(filter: { area: "03401", kinds: [PLACEHOLDER] }) { nodes { id } } }',
  );
  const [placeholder] = data.facilities.nodes;
  await reportIcu(placeholder.id);
  const { nodes, leftOut } = await searchFacilities(world, { area: '03401', ...ICU });
  const shown = [...nodes, ...leftOut.nodes].map(({ facility }: any) => facility.id);
  expect(shown).not.toContain(placeholder.id);
});

test('with several kinds asked one facility is enough, and each says what it has', async () => {
  const { area, facilities } = newKreis();
  await reportIcu(facilities[0]!);
  await declareIntake(world, facilities[0]!, { immediate: 0 });
  const filter = { area, categories: ['ICU_UNSPECIFIED', 'BURN'], intake: ['SK_I', 'SK_II'] };
  const { nodes } = await searchFacilities(world, filter);
  expect(nodes).toMatchObject([
    {
      beds: [
        { category: 'ICU_UNSPECIFIED', usable: 2, reasons: [] },
        {
          category: 'BURN',
          usable: 0,
          free: null,
          stale: true,
          provenance: null,
          reasons: [{ code: 'NOT_REPORTED' }],
        },
      ],
      intake: [
        {
          category: 'SK_I',
          usable: 0,
          limit: 0,
          reserved: 0,
          free: 0,
          method: 'REPORTED',
          reasons: [{ code: 'NO_PLACE_LEFT' }],
        },
        {
          category: 'SK_II',
          usable: 0,
          limit: null,
          reserved: null,
          free: null,
          method: null,
          reasons: [{ code: 'NOT_REPORTED' }],
        },
      ],
    },
  ]);
});

test('a capability that is not known satisfies no need; declared, it does', async () => {
  const { area, facilities } = newKreis();
  const filter = { area, needs: ['NEUROSURGERY'] };
  const { totalCount, leftOut } = await searchFacilities(world, filter);
  expect(totalCount).toBe(0);
  expect(leftOut.nodes[0].reasons).toMatchObject([{ code: 'NEED_UNMET', needs: ['NEUROSURGERY'] }]);
  await act(world, 'declareCapabilities', 'Facility', {
    facility: facilities[1],
    source: 'medical director',
    method: 'REPORTED',
    capabilities: ['NEUROSURGERY'],
  });
  expect(await codesAgainst(world, facilities[1]!, filter)).toEqual([]);
  expect((await searchFacilities(world, filter)).totalCount).toBe(1);
});

test('a facility whose care is decompensated is left out until it has recovered', async () => {
  const { area, facilities } = newKreis();
  const [facility] = facilities as [string];
  await act(world, 'declareCareLevel', 'Facility', {
    facility,
    level: 'DECOMPENSATED',
    reason: 'two wards shut',
  });
  expect(await codesAgainst(world, facility, { area })).toEqual(['OVERWHELMED']);
  world.later(1);
  await act(world, 'declareCareLevel', 'Facility', {
    facility,
    level: 'COMPENSATED',
    reason: 'one ward open',
  });
  expect(await codesAgainst(world, facility, { area })).toEqual([]);
});

test.each([
  [undefined, []],
  ['PANDEMIC', []],
  ['MASS_CASUALTY', ['STALE']],
  ['TERROR', ['STALE']],
])('under %s a report of 15 minutes ago gives %j', async (hazard, codes) => {
  const { area, facilities } = newKreis();
  await reportIcu(facilities[0]!, { observedAt: minutesAgo(15) });
  expect(await codesAgainst(world, facilities[0]!, { area, hazard, ...ICU })).toEqual(codes);
});

test('a stale number counts for a caller who accepts it, and is marked', async () => {
  const { area, facilities } = newKreis();
  await reportIcu(facilities[0]!, { observedAt: minutesAgo(25 * 60) });
  const { nodes } = await searchFacilities(world, { area, acceptStale: true, ...ICU });
  expect(nodes).toMatchObject([
    {
      beds: [{ usable: 2, stale: true }],
      cautions: [{ code: 'STALE_ACCEPTED', category: 'ICU_UNSPECIFIED', closure: null }],
    },
  ]);
  expect(await codesAgainst(world, facilities[1]!, { area, acceptStale: true, ...ICU })).toEqual([
    'NOT_REPORTED',
  ]);
});

describe('a closure', () => {
  test('for inpatients does not hide the facility for those in danger of life', async () => {
    const { area, facilities } = newKreis();
    await close(world, facilities[0]!, { urgencies: ['INPATIENT'] });
    expect(await codesAgainst(world, facilities[0]!, { area })).toEqual([]);
    expect(await codesAgainst(world, facilities[0]!, { area, urgency: 'INPATIENT' })).toEqual([
      'CLOSED',
    ]);
    await declareIntake(world, facilities[0]!, { immediate: 2 });
    expect(await codesAgainst(world, facilities[0]!, { area, ...RED })).toEqual([]);
  });

  test('ends by itself: the facility is back without anyone acting', async () => {
    const { area, facilities } = newKreis();
    await close(world, facilities[0]!);
    expect(await codesAgainst(world, facilities[0]!, { area })).toEqual(['CLOSED']);
    world.later(120);
    expect(await codesAgainst(world, facilities[0]!, { area })).toEqual([]);
  });

  test('that was overridden hides nothing', async () => {
    const { area, facilities } = newKreis();
    const closure = await close(world, facilities[0]!);
    await declare(world, { area });
    expect(await codesAgainst(world, facilities[0]!, { area })).toEqual(['CLOSED']);
    await act(world, 'overrideClosure', 'Closure', { closure, reason: 'mass casualty' });
    expect(await codesAgainst(world, facilities[0]!, { area })).toEqual([]);
  });

  test('is set aside for SK I where nobody else can take them, and for nobody else', async () => {
    const { area, facilities } = newKreis();
    const [closed, other] = facilities as [string, string];
    const closure = await close(world, closed, { urgencies: ['IMMEDIATE', 'INPATIENT'] });
    await declareIntake(world, closed, { immediate: 3 });
    const { nodes } = await searchFacilities(world, { area, ...RED });
    expect(nodes).toMatchObject([
      {
        facility: { id: closed },
        intake: [{ category: 'SK_I', usable: 3, reasons: [] }],
        cautions: [{ code: 'CLOSURE_SET_ASIDE', intake: 'SK_I', closure: { id: closure } }],
      },
    ]);
    await declareIntake(world, other, { immediate: 1 });
    expect(await codesAgainst(world, closed, { area, ...RED })).toEqual(['CLOSED']);
    expect(await codesAgainst(world, other, { area, ...RED })).toEqual([]);
    await reserve(world, [{ facility: other, intake: 'SK_I' }]);
    expect(await codesAgainst(world, closed, { area, ...RED })).toEqual([]);
  });
});

describe('facilities that are reserved are not counted', () => {
  test('beds kept by a reservation, until it lapses', async () => {
    const { area, facilities } = newKreis();
    await reportIcu(facilities[0]!);
    await reserve(world, [{ facility: facilities[0], category: 'ICU_UNSPECIFIED', count: 2 }]);
    expect(await codesAgainst(world, facilities[0]!, { area, ...ICU })).toEqual(['NO_PLACE_LEFT']);
    world.later(30);
    expect(await codesAgainst(world, facilities[0]!, { area, ...ICU })).toEqual([]);
  });

  test('an intake used up by those on their way and those who have come', async () => {
    const { area, facilities } = newKreis();
    await declareIntake(world, facilities[0]!, { immediate: 2 });
    world.later(1);
    const first = await reserve(world, [{ facility: facilities[0], intake: 'SK_I' }]);
    await transition(world, 'redeem', first.id);
    expect((await searchFacilities(world, { area, ...RED })).nodes[0].intake).toMatchObject([
      { usable: 1, limit: 2, reserved: 1, free: 1 },
    ]);
    await reserve(world, [{ facility: facilities[0], intake: 'SK_I' }]);
    expect(await codesAgainst(world, facilities[0]!, { area, ...RED })).toEqual(['NO_PLACE_LEFT']);
  });

  test('beds that a hub holds, until the phase they are held for', async () => {
    const { area, facilities } = newKreis();
    await reportIcu(facilities[0]!);
    await act(world, 'holdBeds', 'Hold', {
      facility: facilities[0],
      category: 'ICU_UNSPECIFIED',
      count: 2,
      countsFrom: 'CATASTROPHE',
      reason: 'cluster hub',
    });
    expect(await codesAgainst(world, facilities[0]!, { area, ...ICU })).toEqual(['NO_PLACE_LEFT']);
    await declare(world, { area });
    expect(await codesAgainst(world, facilities[0]!, { area, ...ICU })).toEqual(['NO_PLACE_LEFT']);
    await declare(world, { area, phase: 'CATASTROPHE' });
    const { nodes } = await searchFacilities(world, { area, ...ICU });
    expect(nodes).toMatchObject([{ phase: 'CATASTROPHE', beds: [{ usable: 2 }] }]);
  });
});

test('an emergency practice is requested the slightly injured it takes, and for nothing else', async () => {
  const { area, facilities } = newKreis();
  const [practice] = facilities as [string];
  await world.pool.query(`UPDATE facility SET kind = 'EMERGENCY_PRACTICE' WHERE id = $1`, [
    practice,
  ]);
  expect(await codesAgainst(world, practice, { area })).toBeUndefined();
  expect(await codesAgainst(world, practice, { area, intake: ['SK_III'] })).toBeUndefined();
  await declareIntake(world, practice, { category: 'SK_III', immediate: 5 });
  expect(await codesAgainst(world, practice, { area, intake: ['SK_III'] })).toEqual([]);
  expect(await codesAgainst(world, practice, { area, ...RED })).toBeUndefined();
});

test('a refused reservation names only facilities that are usable: none closed, flooded or overwhelmed', async () => {
  const ecmo = { category: 'ECMO', operable: 2, occupied: 0 };
  const here = newKreis();
  const flooded = newKreis();
  const [full, closed, overwhelmed, open] = here.facilities as [string, string, string, string];
  await send(world, report(world, full, { ...ecmo, occupied: 2 }));
  for (const facility of [closed, overwhelmed, open, flooded.facilities[0]!]) {
    await send(world, report(world, facility, ecmo));
  }
  await close(world, closed);
  await act(world, 'declareCareLevel', 'Facility', {
    facility: overwhelmed,
    level: 'DECOMPENSATED',
    reason: 'two wards shut',
  });
  await declare(world, { area: flooded.area, phase: 'CATASTROPHE', hazard: 'FLOOD' });
  const alternatives = async () => {
    const { shortfalls } = await reserve(world, [{ facility: full, category: 'ECMO', count: 2 }]);
    return shortfalls[0].alternatives.map(({ facility, free }: any) => [facility.id, free]);
  };
  expect(await alternatives()).toEqual([[open, 2]]);
  await reserve(world, [{ facility: open, category: 'ECMO' }]);
  expect(await alternatives()).toEqual([]);
  await reserve(world, [{ facility: open, category: 'ECMO' }]);
  expect(await alternatives()).toEqual([]);
});
