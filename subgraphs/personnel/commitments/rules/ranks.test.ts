import { NOW } from '../../../../shared/testing/now.js';
import { COMMITMENT_RANKS } from '../ranks.js';
import { bindingRanks, ranksInForce, type RankRule } from './ranks.js';

const kindsIn = (phase: Parameters<typeof bindingRanks>[1]) =>
  bindingRanks(COMMITMENT_RANKS, phase, NOW).map(({ kind }) => kind);

test('in everyday work only employers bind, the main one first', () => {
  expect(kindsIn('EVERYDAY')).toEqual(['MAIN_EMPLOYER', 'SIDE_JOB']);
});

test('the Bundeswehr takes its reserve before every other body in the alliance case', () => {
  expect(kindsIn('ALLIANCE_CASE')).toEqual([
    'BUNDESWEHR_RESERVE',
    'THW',
    'FIRE_BRIGADE',
    'AID_ORGANISATION',
    'CRISIS_STAFF',
    'RESERVE_POOL',
    'MAIN_EMPLOYER',
    'SIDE_JOB',
  ]);
});

test('a catastrophe calls volunteers and no reservists', () => {
  expect(kindsIn('CATASTROPHE')).not.toContain('BUNDESWEHR_RESERVE');
  expect(kindsIn('CATASTROPHE')).toContain('THW');
});

test('a pandemic calls neither fire brigade nor THW', () => {
  expect(kindsIn('PANDEMIC')).toEqual([
    'CRISIS_STAFF',
    'RESERVE_POOL',
    'MAIN_EMPLOYER',
    'SIDE_JOB',
  ]);
});

test('every kind has one rank of its own at every instant', () => {
  const inForce = ranksInForce(COMMITMENT_RANKS, NOW);
  expect(new Set(inForce.map(({ kind }) => kind)).size).toBe(8);
  expect(new Set(inForce.map(({ rank }) => rank)).size).toBe(inForce.length);
  expect(inForce.every(({ source }) => source !== '')).toBe(true);
});

test('a rule is in force from its first day until the day before its end', () => {
  const rule: RankRule = {
    ...COMMITMENT_RANKS[0]!,
    from: '2026-01-15',
    until: '2026-01-16',
  };
  const isInForce = (at: string) => ranksInForce([rule], new Date(at)).length === 1;
  expect(isInForce('2026-01-14T23:59:59.999Z')).toBe(false);
  expect(isInForce('2026-01-15T00:00:00.000Z')).toBe(true);
  expect(isInForce('2026-01-15T23:59:59.999Z')).toBe(true);
  expect(isInForce('2026-01-16T00:00:00.000Z')).toBe(false);
});
