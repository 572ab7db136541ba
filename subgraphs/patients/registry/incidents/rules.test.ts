import type { TriageCategory } from '../../generated/graphql.js';
import { casualtyCounts, escalate, estimate, openEstimate, type IncidentRow } from './rules.js';

const counted = new Map<TriageCategory, number>([
  ['SK_I', 4],
  ['SK_II', 5],
  ['SK_III', 120],
]);
const countsFor = (seesPatients: boolean) =>
  Object.fromEntries(
    casualtyCounts(counted, seesPatients).map(({ category, count }) => [category, count]),
  );

test('a caller who sees the patients gets every number', () => {
  expect(countsFor(true)).toEqual({
    SK_I: 4,
    SK_II: 5,
    SK_III: 120,
    SK_IV: 0,
    EX: 0,
    UNINJURED: 0,
    UNTRIAGED: 0,
  });
});

test('a caller who does not see the patients gets no number, however large', () => {
  expect(countsFor(false)).toEqual({
    SK_I: null,
    SK_II: null,
    SK_III: null,
    SK_IV: null,
    EX: null,
    UNINJURED: null,
    UNTRIAGED: null,
  });
});

test.each([
  [null, null],
  [0, null],
  [4, null],
  [5, 5],
  [120, 120],
])('an estimate of %p reads %p for callers who do not see the patients', (estimated, open) => {
  expect(openEstimate(estimated)).toBe(open);
});

test.each([
  [null, 4, 'patients.incident-casualties-changed'],
  [1, 2, 'patients.incident-casualties-changed'],
  [4, 5, 'patients.incident-estimated'],
  [5, 4, 'patients.incident-estimated'],
  [50, 60, 'patients.incident-estimated'],
])('an estimate that goes from %p to %p is published as %s', (before, after, topic) => {
  const incident = { estimatedCasualties: before } as IncidentRow;
  expect(estimate(incident, after)).toMatchObject({ topic, row: { estimatedCasualties: after } });
});

const ledBy = (leadingArea: string) => ({ area: '05315', leadingArea }) as IncidentRow;

test.each([
  ['05315', '053', '053'],
  ['05315', '05', '05'],
  ['05315', '', ''],
  ['053', '05', '05'],
  ['05', '', ''],
])('the lead of %s goes to "%s"', (from, to, leadingArea) => {
  expect(escalate(ledBy(from), to, 'why')).toMatchObject({ row: { area: '05315', leadingArea } });
});

test.each([
  ['05315', '05315'],
  ['05315', '05314'],
  ['05315', '09'],
  ['05', '053'],
  ['', ''],
])('the lead of "%s" does not go to "%s"', (from, to) => {
  expect(escalate(ledBy(from), to, 'why')).toMatchObject({ __typename: 'NotWider', given: to });
});
