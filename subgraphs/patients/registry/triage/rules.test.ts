import type { TriageCategory } from '../../generated/graphql.js';
import {
  assess,
  isDecisive,
  isDue,
  notByPhysician,
  triageFault,
  applyAssessment,
} from './rules.js';

const NOW = new Date('2026-01-15T09:00:00.000Z');
const EARLIER = new Date('2026-01-15T08:00:00.000Z');
const CATEGORIES: TriageCategory[] = [
  'SK_I',
  'SK_II',
  'SK_III',
  'SK_IV',
  'EX',
  'UNINJURED',
  'UNTRIAGED',
];

test.each(CATEGORIES)('%s may be decided by a physician', (category) => {
  expect(notByPhysician(category, true)).toBeUndefined();
});

test.each(CATEGORIES)('%s may be decided by others unless it is SK_IV or EX', (category) => {
  const refused = notByPhysician(category, false)?.__typename;
  expect(refused).toBe(category === 'SK_IV' || category === 'EX' ? 'NotByPhysician' : undefined);
});

test.each([
  ['a pre-triage of the untriaged', false, false, true],
  ['a pre-triage after a pre-triage', false, false, true],
  ["a physician's after a pre-triage", false, true, true],
  ["a physician's after a physician's", true, true, true],
  ["a pre-triage after a physician's", true, false, false],
])('%s comes into force or not', (_, byPhysicianBefore, byPhysician, decisive) => {
  const assessment = { category: 'SK_I', method: 'STATED', byPhysician } as const;
  expect(isDecisive({ byPhysician: byPhysicianBefore }, assessment)).toBe(decisive);
});

const after = (category: TriageCategory, byPhysician = true, diedAt: Date | null = null) =>
  applyAssessment({ diedAt }, { category, byPhysician }, NOW);

test('SK IV is due again after 30 minutes, no other category ever', () => {
  for (const category of CATEGORIES) {
    const { retriageAt } = after(category);
    expect(retriageAt).toEqual(category === 'SK_IV' ? new Date('2026-01-15T09:30:00.000Z') : null);
  }
});

test('EX is dead from the first finding on; whoever is found alive is not', () => {
  expect(after('EX').diedAt).toEqual(NOW);
  expect(after('EX', true, EARLIER).diedAt).toEqual(EARLIER);
  expect(after('SK_I', true, EARLIER).diedAt).toBeNull();
});

test('who is UNTRIAGED was triaged by nobody and at no time', () => {
  expect(after('UNTRIAGED')).toMatchObject({ byPhysician: false, triagedAt: null });
  expect(after('SK_II', false)).toMatchObject({ byPhysician: false, triagedAt: NOW });
});

test('it is due from its instant on', () => {
  expect(isDue(NOW, NOW)).toBe(true);
  expect(isDue(NOW, EARLIER)).toBe(false);
  expect(isDue(null, NOW)).toBe(false);
});

test('findings are assessed by mSTaRT, a category is taken as stated', () => {
  expect(assess({ findings: { walking: true } })).toEqual({
    category: 'SK_III',
    method: 'MSTART',
    byPhysician: false,
  });
  expect(assess({ category: 'SK_I' })).toMatchObject({ method: 'STATED' });
  expect(assess({ category: 'SK_IV', physician: true })).toMatchObject({ method: 'PHYSICIAN' });
});

test('who does not breathe is EX for a physician, and for nobody else', () => {
  const findings = { walking: false, breathing: false };
  expect(assess({ findings, physician: true })).toMatchObject({ category: 'EX' });
  expect(assess({ findings })).toMatchObject({
    __typename: 'NotByPhysician',
    refusedCategory: 'EX',
  });
});

test('findings that decide nothing name what is missing', () => {
  expect(assess({ findings: { walking: false, respiratoryRate: 12 } })).toMatchObject({
    __typename: 'IncompleteFindings',
    missingFindings: [
      'spurtingBleeding',
      'radialPulse',
      'followsCommands',
      'inhalationTraumaWithStridor',
    ],
  });
});

test('a triage gives a category or findings, not both and not neither', () => {
  expect(triageFault({})).toContain('neither came');
  expect(triageFault({ category: 'SK_I', findings: { walking: true } })).toContain('both came');
  expect(triageFault({ category: 'SK_I' })).toBeUndefined();
  const transportable = { category: 'SK_I', transportable: true } as const;
  expect(triageFault(transportable)).toContain('for a physician');
  expect(triageFault({ ...transportable, physician: true })).toBeUndefined();
  expect(triageFault({ findings: { walking: true } })).toBeUndefined();
});

test.each([-1, 101])('nobody breathes %d times a minute', (respiratoryRate) => {
  expect(triageFault({ findings: { walking: false, respiratoryRate } })).toContain(
    'respiratoryRate',
  );
});
