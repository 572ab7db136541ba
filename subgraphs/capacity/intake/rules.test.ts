import { hoursFromNow, NOW } from '../../../shared/testing/now.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import {
  divided,
  intakeAt,
  PLANNING_NUMBER,
  OCCUPIED_HOURS,
  type DeclaredNumber,
  type Intake,
  type IntakeFacts,
} from './rules.js';

const number = (changes: Partial<DeclaredNumber> = {}): DeclaredNumber => ({
  category: 'SK_I',
  weekdays: [],
  fromMinute: 0,
  toMinute: 1_440,
  immediate: 3,
  afterAlarmPlan: 4,
  perHour: 2,
  source: 'duty manager',
  method: 'REPORTED',
  assumption: null,
  validUntil: hoursFromNow(48),
  declaredAt: hoursFromNow(-10),
  declarationId: 'a',
  ...changes,
});
const facility = (changes: Partial<IntakeFacts> = {}): IntakeFacts => ({
  traumaLevel: null,
  numbers: [number()],
  alarmPlan: null,
  occupied: [],
  ...changes,
});
const first = (facts: IntakeFacts, at = NOW): Intake => intakeAt(facts, at)[0]!;

describe('the limit', () => {
  test('is the immediate number while no alarm plan is active', () => {
    expect(first(facility())).toEqual({
      category: 'SK_I',
      immediate: 3,
      afterAlarmPlan: 4,
      perHour: 2,
      limit: 3,
      reserved: 0,
      free: 3,
      source: 'duty manager',
      method: 'REPORTED',
      assumption: null,
      until: hoursFromNow(48),
    });
  });

  test.each([
    ['at once', 0, 7],
    ['a millisecond before the first hour is full', -1 + 1 / HOUR_MS, 7],
    ['after one hour', -1, 9],
    ['after three and a half hours', -3.5, 13],
    ['activated by a clock that is ahead', 0.001, 7],
  ])('grows with the alarm plan and its full hours: %s', (_, since, limit) => {
    expect(first(facility({ alarmPlan: { activatedAt: hoursFromNow(since) } })).limit).toBe(limit);
  });
});

describe('slots are reserved', () => {
  test('by casualties on their way, of this category only', () => {
    const occupied = [
      { category: 'SK_I' as const, count: 2, redeemedAt: null },
      { category: 'SK_II' as const, count: 1, redeemedAt: null },
    ];
    expect(first(facility({ occupied }))).toMatchObject({ reserved: 2, free: 1 });
  });

  test.each([
    ['just now', 0, 1],
    ['just after the declaration', -10 + 0.001, 1],
    ['at the instant of the declaration, which knows of them', -10, 0],
    ['before the declaration', -11, 0],
  ])('by who arrived %s', (_, redeemed, reserved) => {
    const occupied = [{ category: 'SK_I' as const, count: 1, redeemedAt: hoursFromNow(redeemed) }];
    expect(first(facility({ occupied }))).toMatchObject({ reserved });
  });

  test('for a day at most', () => {
    const occupied = [{ category: 'SK_I' as const, count: 1, redeemedAt: hoursFromNow(0) }];
    const facts = facility({ occupied });
    expect(first(facts, new Date(hoursFromNow(OCCUPIED_HOURS).getTime() - 1)).reserved).toBe(1);
    expect(first(facts, hoursFromNow(OCCUPIED_HOURS)).reserved).toBe(0);
  });

  test('beyond the limit, when a limit shrinks, and free is 0 then, never less', () => {
    const occupied = [{ category: 'SK_I' as const, count: 5, redeemedAt: null }];
    expect(first(facility({ occupied }))).toMatchObject({ limit: 3, reserved: 5, free: 0 });
  });
});

describe('in force is', () => {
  const immediate = (...numbers: DeclaredNumber[]) => first(facility({ numbers })).immediate;

  test('the newest declaration', () => {
    const newer = number({ immediate: 5, declarationId: 'b', declaredAt: hoursFromNow(-1) });
    expect(immediate(number(), newer)).toBe(5);
    expect(immediate(newer, number())).toBe(5);
  });

  test('what the facility says of itself before a newer model', () => {
    const model = number({ immediate: 9, method: 'MODELLED', declarationId: 'b', declaredAt: NOW });
    expect(immediate(number(), model)).toBe(3);
    expect(immediate(model, number())).toBe(3);
    expect(immediate(model)).toBe(9);
  });

  test('for each category the newest that names it', () => {
    const other = number({
      category: 'SK_II',
      immediate: 6,
      declarationId: 'b',
      declaredAt: hoursFromNow(-1),
    });
    expect(intakeAt(facility({ numbers: [number(), other] }), NOW)).toMatchObject([
      { category: 'SK_I', immediate: 3 },
      { category: 'SK_II', immediate: 6 },
    ]);
  });

  test('one and the same whatever the order, of two of one instant', () => {
    const twin = number({ immediate: 7, declarationId: 'b' });
    expect(immediate(number(), twin)).toBe(immediate(twin, number()));
  });
});

describe('by time of day', () => {
  const base = number({ immediate: 6 });
  const night = number({ immediate: 2, fromMinute: 1_320, toMinute: 360 }); // 22:00 to 06:00
  const at = (instant: string, ...numbers: DeclaredNumber[]) =>
    first(facility({ numbers }), new Date(instant)).immediate;

  test('a window narrows what holds otherwise', () => {
    expect(at('2026-01-15T20:59:00.000Z', base, night)).toBe(6);
    expect(at('2026-01-15T21:00:00.000Z', base, night)).toBe(2);
    expect(at('2026-01-16T04:59:00.000Z', night, base)).toBe(2);
    expect(at('2026-01-16T05:00:00.000Z', night, base)).toBe(6);
  });

  test('a window only of a weekday leaves the other days alone', () => {
    const sunday = number({ immediate: 1, weekdays: ['SUNDAY'] });
    expect(at('2026-01-17T22:59:00.000Z', base, sunday)).toBe(6);
    expect(at('2026-01-17T23:00:00.000Z', base, sunday)).toBe(1);
    expect(at('2026-01-18T23:00:00.000Z', base, sunday)).toBe(6);
  });

  test('a newer declaration’s windows replace the older one’s', () => {
    const newer = number({ immediate: 4, declarationId: 'b', declaredAt: hoursFromNow(-1) });
    expect(at('2026-01-15T22:00:00.000Z', base, night, newer)).toBe(4);
  });

  test('in the night of 25 hours the night’s number holds through both', () => {
    expect(at('2026-10-25T00:30:00.000Z', base, night)).toBe(2);
    expect(at('2026-10-25T01:30:00.000Z', base, night)).toBe(2);
    expect(at('2026-10-25T05:00:00.000Z', base, night)).toBe(6); // 06:00, winter time
  });

  test('in the night of 23 hours it ends at six by the clock', () => {
    expect(at('2026-03-29T03:59:00.000Z', base, night)).toBe(2); // 05:59, summer time
    expect(at('2026-03-29T04:00:00.000Z', base, night)).toBe(6);
  });
});

describe('where nothing is declared', () => {
  const centre = (changes: Partial<IntakeFacts> = {}) =>
    facility({ traumaLevel: 'LOCAL', numbers: [], ...changes });

  test('a trauma centre takes 10 at once and 20 more after its alarm plan, and says what that rests on', () => {
    const intakes = intakeAt(centre(), NOW);
    expect(intakes).toMatchObject([
      { category: 'SK_I', immediate: 1, afterAlarmPlan: 2, limit: 1 },
      { category: 'SK_II', immediate: 2, afterAlarmPlan: 5, limit: 2 },
      { category: 'SK_III', immediate: 7, afterAlarmPlan: 13, limit: 7 },
    ]);
    for (const intake of intakes) {
      expect(intake).toMatchObject({
        method: 'MODELLED',
        source: PLANNING_NUMBER.source,
        assumption: PLANNING_NUMBER.assumption,
        until: null,
      });
    }
  });

  test('a plan without a call never exceeds 10 per centre, and 30 after its alarm plan', () => {
    const total = (facts: IntakeFacts) =>
      intakeAt(facts, NOW).reduce((sum, { limit }) => sum + limit, 0);
    expect(total(centre())).toBe(10);
    expect(total(centre({ alarmPlan: { activatedAt: hoursFromNow(-5) } }))).toBe(30);
  });

  test('a facility without a trauma level takes nobody that is known of', () => {
    expect(intakeAt(facility({ numbers: [] }), NOW)).toEqual([]);
  });

  test('a centre that has declared one of the three has spoken for all of them', () => {
    const facts = centre({ numbers: [number({ category: 'SK_II' })] });
    expect(intakeAt(facts, NOW).map(({ category }) => category)).toEqual(['SK_II']);
  });

  test('what it declared of the uninjured leaves the planning number in place', () => {
    const facts = centre({ numbers: [number({ category: 'UNINJURED' })] });
    expect(intakeAt(facts, NOW).map(({ category }) => category)).toEqual([
      'SK_I',
      'SK_II',
      'SK_III',
      'UNINJURED',
    ]);
  });

  test('who arrived occupies a slot of the planning number too', () => {
    const occupied = [{ category: 'SK_I' as const, count: 1, redeemedAt: hoursFromNow(-1) }];
    expect(first(centre({ occupied }))).toMatchObject({ reserved: 1, free: 0 });
  });

  test.each(Array.from({ length: 40 }, (_, total) => [total]))(
    'a planning number of %i is divided without loss',
    (total) => {
      const parts = divided(total);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    },
  );
});
