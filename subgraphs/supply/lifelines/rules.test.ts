import { hoursFromNow as at, NOW } from '../../../shared/testing/now.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import type { Lifeline, LifelineKind } from '../generated/prisma/client.js';
import { byMains, isNewer, withFailure } from './rules/reports.js';
import { fallOf, SUDDEN_MS } from './rules/falls.js';
import { mostBefore } from './rules/levels-before.js';
import { failureOfCause, limitedBeds } from './rules/limits.js';
import { arrivalOf, unbookedRise, withMovement } from './rules/movements.js';
import {
  failureOf,
  levelAt,
  newlyPassed,
  passedBy,
  renewed,
  statusOf,
  THRESHOLD_HOURS,
} from './rules/levels.js';

const hoursOf = (instant: Date | undefined) =>
  instant && (instant.getTime() - NOW.getTime()) / HOUR_MS;

/** Fuel for 10 hours, drawn on from now. */
function lifeline(changes: Partial<Lifeline> = {}): Lifeline {
  return {
    id: 'id',
    facilityId: 'facility',
    kind: 'GENERATOR_FUEL',
    source: 'test',
    method: 'REPORTED',
    observedAt: NOW,
    receivedAt: NOW,
    reportedBy: 'reporter',
    believedLevel: null,
    believedAt: null,
    stock: 1_000,
    statedLoad: 100,
    statedSupplied: null,
    level: 1_000,
    levelAt: NOW,
    load: 100,
    supplied: false,
    loadMethod: 'REPORTED',
    listedAt: null,
    deliveryAt: null,
    deliveryQuantity: null,
    renewEveryHours: null,
    baselineDemand: null,
    failsAt: null,
    passedHours: null,
    nextCheckAt: null,
    moved: 0,
    unbookedRise: 0,
    fellAt: null,
    risenAt: null,
    easedAt: null,
    contradictedUntil: null,
    ...changes,
  };
}

// Three nights that were thought through by hand before the rule was written:
// - a clinic with 1,000 l and 100 l/h, whose tank lorry of 2,000 l comes after 8 hours: dark after 30 hours, not after 10;
// - the lorry comes after 12 hours: dark after 10, whatever it brings;
// - the lorry was due after 8 hours and nobody has seen it at 9: dark after 10 again.
describe('the hour of failure', () => {
  test.each<[string, Partial<Lifeline>, number, number | undefined]>([
    ['is what is there over what is drawn', {}, 0, 10],
    ['counts from the observation on', { levelAt: at(-4) }, 0, 6],
    ['does not exist while it is supplied', { supplied: true }, 0, undefined],
    ['does not exist without a load', { load: null }, 0, undefined],
    ['does not exist without a level', { level: null }, 0, undefined],
    ['does not exist where nothing is drawn', { load: 0 }, 0, undefined],
    ['has come where nothing is there', { level: 0, load: 0 }, 0, 0],
    ['has come where nothing is there, whatever is drawn', { level: 0, load: null }, 0, 0],
    [
      'does not exist for an empty stock that nobody draws on',
      { level: 0, supplied: true },
      0,
      undefined,
    ],
    ['does not exist for the grid', { kind: 'MAINS_POWER' }, 0, undefined],
    ['is moved by a delivery in time', { deliveryAt: at(8), deliveryQuantity: 2_000 }, 0, 30],
    ['is moved by one in the last moment', { deliveryAt: at(10), deliveryQuantity: 100 }, 0, 11],
    ['is not moved by one too late', { deliveryAt: at(12), deliveryQuantity: 2_000 }, 0, 10],
    ['waits an hour for one', { deliveryAt: at(8), deliveryQuantity: 2_000 }, 8.99, 30],
    ['waits no longer', { deliveryAt: at(8), deliveryQuantity: 2_000 }, 9, 10],
    ['lies ten years ahead at most', { level: 1e7, load: 0.001 }, 0, 87_600],
  ])('%s', (_, changes, hours, expected) => {
    expect(hoursOf(failureOf(lifeline(changes), at(hours)))).toBe(expected);
  });

  test('a level never falls below 0', () => {
    expect([0, 5, 10, 11].map((hours) => levelAt(lifeline(), at(hours)))).toEqual([
      1_000, 500, 0, 0,
    ]);
  });
});

describe('thresholds', () => {
  test.each([
    [24.01, null],
    [24, 24],
    [12.5, 24],
    [12, 12],
    [6, 6],
    [2, 2],
    [0.1, 2],
    [0, 0],
    [-5, 0],
  ])('with %s hours left, %s is passed', (hours, expected) => {
    expect(passedBy(at(hours), NOW)).toBe(expected);
  });

  test.each([
    [null, 6, [24, 12, 6]],
    [12, 6, [6]],
    [6, 6, []],
    [6, 24, []],
    [6, null, []],
  ])('from %s to %s', (before, now, expected) => {
    expect(newlyPassed(before, now)).toEqual(expected);
  });

  test('the clock looks at each of them once, and then no more', () => {
    let state = withFailure(lifeline({ level: 3_000 }), NOW);
    const checks: (number | undefined)[] = [];
    while (state.nextCheckAt) {
      checks.push(hoursOf(state.nextCheckAt));
      state = withFailure(state, state.nextCheckAt);
    }
    expect(checks).toEqual(THRESHOLD_HOURS.map((threshold) => 30 - threshold));
  });

  test.each<[Partial<Lifeline>, number | null, string]>([
    [{ supplied: true }, null, 'SUPPLIED'],
    [{ kind: 'MAINS_POWER' }, null, 'FAILED'],
    [{}, null, 'UNKNOWN'],
    [{ load: 0 }, null, 'SUFFICIENT'],
    [{ load: 0, level: null }, null, 'UNKNOWN'],
    [{}, 25, 'SUFFICIENT'],
    [{}, 24, 'LOW'],
    [{}, 6, 'CRITICAL'],
    [{}, 0, 'FAILED'],
  ])('%j with %s hours is %s', (changes, hours, status) => {
    expect(statusOf(lifeline(changes), hours === null ? null : at(hours), NOW)).toBe(status);
  });
});

test('a modelled stock is full again after each delivery, however many were missed', () => {
  const food = lifeline({ renewEveryHours: 48, deliveryAt: at(10) });
  expect(renewed(food, at(9))).toBe(food);
  expect(renewed(food, at(10 + 48 * 3 + 1))).toMatchObject({
    level: 1_000,
    levelAt: at(10 + 48 * 3),
    deliveryAt: at(10 + 48 * 4),
  });
});

describe('the grid and the generators', () => {
  const mains = (supplied: boolean, hours: number, changes: Partial<Lifeline> = {}) =>
    lifeline({ kind: 'MAINS_POWER', supplied, observedAt: at(hours), ...changes });

  test.each<[string, Partial<Lifeline>, Lifeline, boolean]>([
    [
      'a later failure starts them',
      { supplied: true, statedSupplied: true },
      mains(false, 1),
      false,
    ],
    ['a later return stops them', { statedSupplied: false }, mains(true, 1), true],
    ['their own later word stands', { statedSupplied: false }, mains(true, -1), false],
    ['silent, they follow what was known', {}, mains(true, -1), true],
    ['a model is no word against them', {}, mains(true, 1, { method: 'MODELLED' }), false],
  ])('%s', (_, fuel, grid, supplied) => {
    expect(byMains(lifeline(fuel), grid).supplied).toBe(supplied);
  });
});

test.each<[string, Partial<Lifeline>, boolean]>([
  ['later', { observedAt: at(1), receivedAt: at(1) }, true],
  ['at the same instant', {}, false],
  ['earlier', { observedAt: at(-1) }, false],
  ['earlier and estimated', { observedAt: at(-1), method: 'ESTIMATED' }, false],
  ['later and modelled', { observedAt: at(1), method: 'MODELLED' }, false],
  ['by a clock that runs ahead of another source', { observedAt: at(1), source: 'other' }, false],
])('a report %s counts: %s', (_, changes, expected) => {
  expect(isNewer(lifeline(changes), lifeline())).toBe(expected);
});

// A gauge that said 1,000 l nine minutes ago and says 0 now is broken, or somebody lies: a person must look, whatever the hours are.
describe('a sudden fall', () => {
  const seen = (minutes: number, stock: number) => ({
    facilityId: 'facility',
    kind: 'GENERATOR_FUEL' as const,
    stock,
    observedAt: at(minutes / 60),
  });
  const after = (stock: number | null, changes: Partial<Lifeline> = {}) =>
    lifeline({ stock, observedAt: at(0.1), receivedAt: at(0.1), ...changes });
  const before = (changes: Partial<Lifeline> = {}) => lifeline({ load: 0, ...changes });

  test.each<[string, Lifeline, Lifeline | undefined, ReturnType<typeof seen>[], number | null]>([
    ['to nothing', after(0), before(), [], 0.1],
    ['to less than half', after(499), before(), [], 0.1],
    ['to half is none', after(500), before(), [], null],
    ['of what was drawn meanwhile is none', after(480), before({ load: 1_000 }), [], null],
    ['in steps within 10 minutes', after(490), before({ level: 700 }), [seen(-3, 990)], 0.1],
    [
      'in steps over a longer time is none',
      after(490),
      before({ level: 700 }),
      [seen(-5, 990)],
      null,
    ],
    ['of a model is none', after(0, { method: 'MODELLED' }), before(), [], null],
    ['from a model is none', after(50), before({ method: 'MODELLED' }), [], null],
    ['from a model to nothing', after(0), before({ method: 'MODELLED' }), [], 0.1],
    ['at the first report is none', after(50), undefined, [], null],
    ['at the first report, to nothing', after(0), undefined, [], 0.1],
    ['at the first report, to minutes', after(16, { load: 100 }), undefined, [], 0.1],
    [
      'by reports that are dated back, from what the hub believed before them',
      after(490, { observedAt: at(-1), receivedAt: at(0.1) }),
      before({ level: 700, observedAt: at(-2), believedLevel: 1_000, believedAt: NOW }),
      [],
      0.1,
    ],
    [
      'from what the hub believed long ago is none',
      after(490, { observedAt: at(-1), receivedAt: at(0.2) }),
      before({ level: 700, observedAt: at(-2), believedLevel: 1_000, believedAt: NOW }),
      [],
      null,
    ],
    ['is remembered while it stays low', after(90), before({ level: 95, fellAt: at(-1) }), [], -1],
    ['is over when it rises', after(99), before({ level: 95, fellAt: at(-1) }), [], null],
    ['is remembered by a report without a level', after(null), before({ fellAt: at(-1) }), [], -1],
  ])('%s', (_, report, current, reported, expected) => {
    const spans = reported.map(({ stock, observedAt }) => {
      const from = observedAt.getTime();
      return { from, until: from + 1, most: stock };
    });
    const end = report.observedAt.getTime();
    const fellAt = fallOf(report, current, mostBefore([end], SUDDEN_MS, spans).get(end) ?? null);
    expect(fellAt && hoursOf(fellAt)).toBe(expected);
  });
});

test.each<[string, number, Partial<Lifeline>, number | null]>([
  ['passes on more than half', -510, {}, 1],
  ['passes on half', -500, {}, null],
  ['passes on the rest', -10, { level: 10, stock: 10 }, 1],
  ['passes on a part, of which much was passed on since the report', -200, { level: 690 }, 1],
  ['brings something', 5, { fellAt: at(-1) }, null],
  ['is of a modelled stock', -900, { method: 'MODELLED' }, null],
])('a booking that %s is a sudden fall or not', (_, quantity, changes, expected) => {
  const before = lifeline({ load: 0, observedAt: at(1 - 0.1), ...changes });
  const { fellAt } = withMovement(before, { quantity, at: at(1) });
  expect(fellAt && hoursOf(fellAt)).toBe(expected);
});

describe('a declaration to capacity', () => {
  const known = (...lifelines: Lifeline[]) =>
    new Map<LifelineKind, Lifeline>(lifelines.map((one) => [one.kind, one]));
  const failing = (hours: number, changes: Partial<Lifeline> = {}) =>
    lifeline({ failsAt: at(hours), ...changes });
  const power = (one: Lifeline) => failureOfCause('POWER', known(one), null, NOW);

  test('a cause takes beds when the last of its lifelines fails', () => {
    const liquid = failing(5, { kind: 'LIQUID_OXYGEN' });
    const bottles = lifeline({ kind: 'BOTTLED_OXYGEN', supplied: true, level: 300 });
    const from = (...all: Lifeline[]) =>
      hoursOf(failureOfCause('OXYGEN', known(...all), null, NOW)?.from);
    expect([from(liquid), from(liquid, bottles)]).toEqual([5, 8]);
    expect(from(failing(2, { kind: 'BOTTLED_OXYGEN' }), liquid)).toBe(5);
    expect(from({ ...liquid, method: 'MODELLED' })).toBeUndefined();
  });

  test.each<[string, number | undefined, number | null, number[]]>([
    ['nothing, where nothing fails', undefined, null, []],
    ['nothing yet, where it fails after a day', 25, null, []],
    ['the hour of failure', 5, null, [5]],
    ['the hour that has passed', -3, null, [-3]],
    ['an hour that is far ahead, after a sudden fall', 80, -1, [80]],
    ['no such hour a day after the fall', 80, -24, []],
  ])('%s', (_, hours, fall, expected) => {
    const fellAt = fall === null ? null : at(fall);
    const failure = hours === undefined ? undefined : power(failing(hours, { fellAt }));
    const limited = limitedBeds('POWER', failure, NOW);
    expect([...new Set(limited.map(({ from }) => hoursOf(from)))]).toEqual(expected);
    expect(limited.filter(({ beds }) => beds !== 0)).toEqual([]);
  });
});

// Three situations that were thought through by hand before the rule was written:
// - a tank lorry brings 2,000 l at 14:00, and the technician reports the level at 14:05: that is what is there, and not 2,000 l more;
// - a delivery is received while the last report is three hours old: what was left of it, and the delivery, from the arrival on;
// - the technician reports at 13:55 what the gauge shows behind the lorry, and the office books the receipt at 14:10: the same fuel.
describe('a delivery', () => {
  const delivered = { quantity: 2_000, at: at(3) };

  test('is added to what is left when it arrives', () => {
    const moved = withMovement(lifeline(), delivered);
    expect(moved).toMatchObject({ level: 2_700, levelAt: at(3), moved: 2_000 });
    expect(hoursOf(failureOf(moved, at(3)))).toBe(30);
  });

  test('is added to an empty tank from its arrival on', () => {
    const moved = withMovement(lifeline({ level: 100 }), delivered);
    expect(hoursOf(failureOf(moved, at(3)))).toBe(23);
  });

  test.each([3, 3.1])('is contained in a report that was observed at hour %s', (hours) => {
    const reported = lifeline({ observedAt: at(hours), levelAt: at(hours) });
    expect(withMovement(reported, delivered)).toBe(reported);
    expect(arrivalOf(reported, delivered)).toBe(delivered.at);
  });

  test.each<[string, Partial<Lifeline>, Partial<typeof delivered>, number]>([
    ['is not added to a report that shows it', { unbookedRise: 1_990 }, { at: at(0.5) }, 1_000],
    ['is not added to one that shows half of it', { unbookedRise: 1_000 }, { at: at(2) }, 1_000],
    ['is added to one that hardly rose', { unbookedRise: 999 }, { at: at(2) }, 2_800],
    ['is added to one that rose long before', { unbookedRise: 2_000 }, { at: at(2.01) }, 2_799],
    ['takes off what is passed on', { unbookedRise: 999 }, { at: at(1), quantity: -400 }, 500],
    ['never takes off more than there is', {}, { at: at(1), quantity: -4_000 }, 0],
  ])('%s', (_, changes, delivery, level) => {
    const moved = withMovement(lifeline(changes), { ...delivered, ...delivery });
    expect(moved.level).toBe(level);
  });

  test('that a report shows explains its rise once, and counts as having arrived before it', () => {
    const shown = lifeline({ unbookedRise: 3_000 });
    const first = { quantity: 2_000, at: at(1) };
    expect(arrivalOf(shown, first)).toEqual(NOW);
    const rest = withMovement(shown, first);
    expect(rest).toMatchObject({ level: 1_000, unbookedRise: 1_000, moved: 0 });
    expect(withMovement(rest, { quantity: 2_500, at: at(1) }).level).toBe(3_400);
  });

  test.each<[number, number | null]>([
    [1_500, 500],
    [2_000, null],
    [2_500, null],
  ])('of %s l leaves %s l of the 2,000 l that were expected', (quantity, rest) => {
    const expecting = lifeline({ deliveryAt: at(8), deliveryQuantity: 2_000 });
    const moved = withMovement(expecting, { quantity, at: at(1) });
    expect(moved.deliveryQuantity).toBe(rest);
    expect(moved.deliveryAt).toEqual(rest === null ? null : at(8));
    expect(hoursOf(failureOf(moved, at(1)))).toBe((1_000 + Math.max(quantity, 2_000)) / 100);
  });

  test('leaves a modelled rhythm as it is', () => {
    const modelled = { deliveryAt: at(8), deliveryQuantity: 2_000, renewEveryHours: 48 };
    expect(withMovement(lifeline(modelled), delivered)).toMatchObject(modelled);
  });

  test.each<[string, Partial<Lifeline>, Partial<Lifeline> | null, number[], number]>([
    ['is the difference to what was known', { stock: 2_500 }, {}, [], 1_600],
    ['is none where less is there', { stock: 800 }, {}, [], 0],
    ['is none without an earlier report', { stock: 2_500 }, null, [], 0],
    ['is none beside a model', { stock: 2_500 }, { method: 'MODELLED' }, [], 0],
    ['leaves out what was booked later', { stock: 2_500 }, { level: 3_000 }, [2_000], 1_600],
    [
      'adds what was drawn since',
      { stock: 2_500 },
      { level: 2_800, levelAt: at(3) },
      [2_000],
      1_500,
    ],
  ])('the rise of a report %s', (_, report, before, later, rise) => {
    const moved = later.reduce((sum, quantity) => sum + quantity, 0);
    const reported = lifeline({ observedAt: at(1), ...report });
    expect(unbookedRise(reported, before === null ? undefined : lifeline(before), moved)).toBe(
      rise,
    );
  });

  test('that was booked before the grid was reported off takes back nothing that was drawn', () => {
    const full = lifeline({ supplied: true, statedSupplied: null, level: 3_000, levelAt: at(3) });
    const mains = lifeline({ kind: 'MAINS_POWER', supplied: false, observedAt: at(1) });
    expect(byMains(full, mains)).toMatchObject({ level: 2_800, levelAt: at(3), supplied: false });
  });
});
