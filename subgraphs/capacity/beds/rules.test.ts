import { minutesFromNow, NOW } from '../../../shared/testing/now.js';
import type { BedCategory, Method, ReportCapacityInput } from '../generated/graphql.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { judgeReport, MOST_BEDS, ruleThatChose } from './rules.js';

function input(changes: Partial<ReportCapacityInput> = {}): ReportCapacityInput {
  return {
    facility: 'f',
    category: 'ICU_UNSPECIFIED',
    operable: 10,
    occupied: 4,
    source: 'ward system',
    method: 'REPORTED',
    observedAt: NOW,
    ...changes,
  };
}

const accepted = (changes: Partial<ReportCapacityInput>, now = NOW) => {
  const verdict = judgeReport(input(changes), now);
  if (isRefused(verdict)) throw new Error(verdict.message);
  return verdict;
};

describe('a report is refused', () => {
  test.each<[string, Partial<ReportCapacityInput>, object]>([
    [
      'with a negative count',
      { occupied: -1 },
      { __typename: 'ImplausibleCount', field: 'occupied', value: -1 },
    ],
    [
      'with more beds than any hospital has',
      { operable: MOST_BEDS + 1 },
      { __typename: 'ImplausibleCount', field: 'operable' },
    ],
    [
      'with an absurd number of blocked beds',
      { blocked: 2_000_000_000 },
      { __typename: 'ImplausibleCount', field: 'blocked' },
    ],
    [
      'with occupied but not operable',
      { operable: null },
      { __typename: 'InvalidReport', field: 'operable' },
    ],
    [
      'with operable but not occupied',
      { occupied: null },
      { __typename: 'InvalidReport', field: 'occupied' },
    ],
    ['without a source', { source: ' ' }, { __typename: 'InvalidReport', field: 'source' }],
    [
      'with an endless source',
      { source: 'x'.repeat(201) },
      { __typename: 'InvalidReport', field: 'source' },
    ],
    [
      'observed more than 5 minutes ahead',
      { observedAt: new Date(minutesFromNow(5).getTime() + 1) },
      { __typename: 'ObservedOutOfRange' },
    ],
    [
      'observed more than 7 days ago',
      { observedAt: new Date(minutesFromNow(-7 * 1440).getTime() - 1) },
      { __typename: 'ObservedOutOfRange' },
    ],
  ])('%s', (_, changes, refusal) => {
    expect(judgeReport(input(changes), NOW)).toMatchObject(refusal);
  });
});

describe('a report is accepted', () => {
  test.each<[string, Partial<ReportCapacityInput>]>([
    [
      'with more patients than operable beds, because that is the truth',
      { operable: 4, occupied: 9 },
    ],
    ['with zero beds', { operable: 0, occupied: 0 }],
    ['with the most beds a hospital may have', { operable: MOST_BEDS }],
    ['5 minutes ahead of the clock', { observedAt: minutesFromNow(5) }],
    ['7 days back', { observedAt: minutesFromNow(-7 * 1440) }],
    ['without numbers', { operable: null, occupied: null }],
  ])('%s', (_, changes) => {
    expect(isRefused(judgeReport(input(changes), NOW))).toBe(false);
  });
});

test('a status that was left out is what the numbers say', () => {
  expect(accepted({ operable: 10, occupied: 9 }).status).toBe('AVAILABLE');
  expect(accepted({ operable: 10, occupied: 9, blocked: 1 }).status).toBe('UNAVAILABLE');
  expect(accepted({ operable: null, occupied: null }).status).toBe('NOT_REPORTED');
});

test('a status that the facility states is kept, whatever the numbers say', () => {
  expect(accepted({ operable: 10, occupied: 0, status: 'UNAVAILABLE' }).status).toBe('UNAVAILABLE');
  expect(accepted({ operable: 10, occupied: 0, status: 'NOT_REPORTED' }).status).toBe(
    'NOT_REPORTED',
  );
});

test('unknown counts stay unknown and are never made 0', () => {
  expect(accepted({ operable: null, occupied: null, blocked: 0 })).toMatchObject({
    operable: null,
    occupied: null,
    blocked: null,
  });
});

test.each<[BedCategory, number]>([
  ['ICU_UNSPECIFIED', 24],
  ['NORMAL_WARD', 24],
  ['PSYCHIATRY', 72],
])('a report of %s is relied on for %i hours', (category, hours) => {
  expect(accepted({ category }).staleAt).toEqual(minutesFromNow(hours * 60));
});

test('a computed number is kept apart from what the facility says', () => {
  expect(accepted({ method: 'MODELLED' }).tier).toBe('MODELLED');
  for (const method of ['REPORTED', 'DEVICE', 'IMPORTED', 'ESTIMATED'] as const) {
    expect(accepted({ method }).tier).toBe('OWN');
  }
});

describe('the noon deadline for intensive care', () => {
  const noonInBerlin = new Date('2026-01-15T11:00:00.000Z');
  const noonInBerlinInSummer = new Date('2026-07-15T10:00:00.000Z');
  const at = (now: Date, changes: Partial<ReportCapacityInput> = {}) =>
    accepted({ observedAt: now, ...changes }, now).late;

  test('passes at 12:00 in Berlin, in winter and in summer', () => {
    expect(at(noonInBerlin)).toBe(true);
    expect(at(new Date(noonInBerlin.getTime() - 1))).toBe(false);
    expect(at(noonInBerlinInSummer)).toBe(true);
    expect(at(new Date(noonInBerlinInSummer.getTime() - 1))).toBe(false);
  });
  test('concerns neither other categories nor computed numbers', () => {
    expect(at(noonInBerlin, { category: 'NORMAL_WARD' })).toBe(false);
    expect(at(noonInBerlin, { method: 'MODELLED' })).toBe(false);
  });
});

test.each([
  ['AVAILABLE', { operable: 10, occupied: 3, blocked: 6 }],
  ['UNAVAILABLE', { operable: 10, occupied: 3, blocked: 7 }],
  ['UNAVAILABLE', { operable: 10, occupied: 30 }],
  ['NOT_REPORTED', {}],
] as const)('a report without a status is %s with the beds %j', (status, beds) => {
  const unstated = { operable: null, occupied: null, status: null };
  expect(accepted({ ...unstated, ...beds }).status).toBe(status);
});

describe('the rule that chose among several sources', () => {
  const said = (method: Method, minutes: number) => ({
    method,
    observedAt: minutesFromNow(minutes),
  });

  test.each([
    ['ONLY_SOURCE', said('MODELLED', 0), []],
    ['NEWEST_OBSERVATION', said('REPORTED', 0), [said('IMPORTED', -1)]],
    ['NEWEST_OBSERVATION', said('REPORTED', 0), [said('MODELLED', -1)]],
    ['NEWEST_OBSERVATION', said('MODELLED', 0), [said('MODELLED', -1)]],
    ['NEWEST_OBSERVATION', said('MODELLED', 0), [said('REPORTED', -1)]],
    ['OWN_OVER_MODELLED', said('REPORTED', 0), [said('MODELLED', 1)]],
    ['OWN_OVER_MODELLED', said('REPORTED', 0), [said('MODELLED', 0), said('DEVICE', -1)]],
  ])('is %s', (rule, chosen, others) => {
    expect(ruleThatChose(chosen, [chosen, ...others])).toBe(rule);
  });
});
