import { NOW } from '../../../../shared/testing/now.js';
import type { TriageCategory } from '../../generated/graphql.js';
import {
  assess,
  isDecisive,
  isDue,
  notByPhysician,
  triageFault,
  applyAssessment,
} from './rules.js';

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
])('%s takes effect or not', (_, byPhysicianBefore, byPhysician, decisive) => {
  const assessment = { category: 'SK_I', method: 'STATED', byPhysician } as const;
  expect(isDecisive({ byPhysician: byPhysicianBefore }, assessment)).toBe(decisive);
});

const after = (category: TriageCategory, byPhysician = true, diedAt: Date | null = null) =>
  applyAssessment({ diedAt }, { category, byPhysician }, NOW);

test('SK IV is due for another triage after 30 minutes, no other category is', () => {
  for (const category of CATEGORIES) {
    const { retriageAt } = after(category);
    expect(retriageAt).toEqual(category === 'SK_IV' ? new Date('2026-01-15T09:30:00.000Z') : null);
  }
});

test('a patient in EX is dead from the first finding on; a patient found alive is not', () => {
  expect(after('EX').diedAt).toEqual(NOW);
  expect(after('EX', true, EARLIER).diedAt).toEqual(EARLIER);
  expect(after('SK_I', true, EARLIER).diedAt).toBeNull();
});

test('an UNTRIAGED patient has neither triage nor physician', () => {
  expect(after('UNTRIAGED')).toMatchObject({ byPhysician: false, triagedAt: null });
  expect(after('SK_II', false)).toMatchObject({ byPhysician: false, triagedAt: NOW });
});

test('a triage is due from its instant on', () => {
  expect(isDue(NOW, NOW)).toBe(true);
  expect(isDue(NOW, EARLIER)).toBe(false);
  expect(isDue(null, NOW)).toBe(false);
});

test('findings are assessed by mSTaRT, a category as stated', () => {
  expect(assess({ findings: { walking: true } })).toEqual({
    category: 'SK_III',
    method: 'MSTART',
    byPhysician: false,
  });
  expect(assess({ category: 'SK_I' })).toMatchObject({ method: 'STATED' });
  expect(assess({ category: 'SK_IV', physician: true })).toMatchObject({ method: 'PHYSICIAN' });
});

test('a patient who does not breathe is EX for a physician, and for nobody else', () => {
  const findings = { walking: false, breathing: false };
  expect(assess({ findings, physician: true })).toMatchObject({ category: 'EX' });
  expect(assess({ findings })).toMatchObject({
    __typename: 'NotByPhysician',
    refusedCategory: 'EX',
  });
});

test('the refusal of indecisive findings names the missing ones', () => {
  expect(assess({ findings: { walking: false, respiratoryRate: 12 } })).toMatchObject({
    __typename: 'InvalidFindings',
    missingFindings: [
      'spurtingBleeding',
      'radialPulse',
      'followsCommands',
      'inhalationTraumaWithStridor',
    ],
  });
});

test('a triage gives either a category or findings', () => {
  expect(triageFault({})).toContain('received neither');
  expect(triageFault({ category: 'SK_I', findings: { walking: true } })).toContain('received both');
  expect(triageFault({ category: 'SK_I' })).toBeUndefined();
  const transportable = { category: 'SK_I', transportable: true } as const;
  expect(triageFault(transportable)).toContain('for a physician');
  expect(triageFault({ ...transportable, physician: true })).toBeUndefined();
  expect(triageFault({ findings: { walking: true } })).toBeUndefined();
});

test.each([-1, 101])('a respiratory rate of %d per minute is a fault', (respiratoryRate) => {
  expect(triageFault({ findings: { walking: false, respiratoryRate } })).toContain(
    'respiratoryRate',
  );
});
