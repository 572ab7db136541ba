import { isRefused, reasonFault } from '../../../shared/validation/rules.js';
import { hoursFromNow, NOW } from '../../../shared/testing/now.js';
import type {
  Capability,
  CloseDepartmentInput,
  Department,
  Urgency,
} from '../generated/graphql.js';
import {
  closedFor,
  closedTo,
  endOf,
  faultInClosing,
  judgeClosing,
  override,
  reopen,
  type ArrivingPatient,
  type StoredClosure,
} from './rules.js';

const input = (changes: Partial<CloseDepartmentInput> = {}): CloseDepartmentInput => ({
  facility: 'f',
  department: 'NEUROSURGERY',
  urgencies: ['INPATIENT'],
  reason: 'no theatre',
  until: hoursFromNow(4),
  idempotencyKey: 'k',
  ...changes,
});

const closure = (changes: Partial<StoredClosure> = {}): StoredClosure => ({
  __typename: 'Closure',
  id: 'c',
  facilityId: 'f',
  department: 'NEUROSURGERY',
  urgencies: ['INPATIENT'],
  reason: 'no theatre',
  hazard: null,
  closedAt: NOW,
  until: hoursFromNow(4),
  reopenedAt: null,
  overriddenAt: null,
  overrideReason: null,
  ...changes,
});

describe('a closure', () => {
  test.each([
    ['in the past', hoursFromNow(-1)],
    ['now', NOW],
    ['beyond a day', new Date(hoursFromNow(24).getTime() + 1)],
  ])('that would end %s is refused, with what is possible', (_, until) => {
    expect(judgeClosing(input({ until }), [], NOW)).toMatchObject({
      __typename: 'ClosureTimeOutOfRange',
      earliest: new Date(NOW.getTime() + 1),
      latest: hoursFromNow(24),
    });
  });

  test.each([new Date(NOW.getTime() + 1), hoursFromNow(24)])('may end at %p', (until) => {
    expect(judgeClosing(input({ until }), [], NOW)).toMatchObject({ until });
  });

  test('keeps each urgency once', () => {
    expect(
      judgeClosing(input({ urgencies: ['INPATIENT', 'IMMEDIATE', 'INPATIENT'] }), [], NOW),
    ).toMatchObject({ urgencies: ['INPATIENT', 'IMMEDIATE'], hazard: null });
  });

  test.each<[string, Partial<StoredClosure>]>([
    ['the same', {}],
    ['a longer one', { until: hoursFromNow(5) }],
    ['one for more urgencies', { urgencies: ['IMMEDIATE', 'INPATIENT'] }],
  ])('adds nothing to %s in force, and is refused with it', (_, changes) => {
    const inForce = closure(changes);
    expect(judgeClosing(input(), [inForce], NOW)).toMatchObject({
      __typename: 'ClosureExists',
      closure: inForce,
    });
  });

  test.each<[string, Partial<StoredClosure>]>([
    ['a shorter one', { until: hoursFromNow(3) }],
    ['one for other urgencies', { urgencies: ['AMBULATORY'] }],
    ['one of another department', { department: 'CARDIOLOGY' }],
  ])('adds to %s in force', (_, changes) => {
    expect(judgeClosing(input(), [closure(changes)], NOW)).toMatchObject({
      until: hoursFromNow(4),
    });
  });

  test.each<[string, Partial<CloseDepartmentInput>, string]>([
    ['for nobody', { urgencies: [] }, 'urgencies'],
    ['without a reason', { reason: ' ' }, 'reason'],
    ['with an endless reason', { reason: 'x'.repeat(501) }, '501'],
  ])('%s is no closure', (_, changes, word) => {
    expect(faultInClosing(input(changes))).toContain(word);
  });

  test('with a reason and an urgency is one', () => {
    expect(faultInClosing(input())).toBeUndefined();
    expect(reasonFault('x'.repeat(500))).toBeUndefined();
  });
});

describe('the end of a closure', () => {
  test('comes at the instant of until, not before and not after', () => {
    expect(endOf(closure(), new Date(hoursFromNow(4).getTime() - 1))).toBeUndefined();
    expect(endOf(closure(), hoursFromNow(4))).toEqual({ end: 'LAPSED', at: hoursFromNow(4) });
  });

  test.each<[string, Partial<StoredClosure>]>([
    ['REOPENED', { reopenedAt: hoursFromNow(1) }],
    ['OVERRIDDEN', { overriddenAt: hoursFromNow(1) }],
  ])('stays %s when the time is over', (end, changes) => {
    expect(endOf(closure(changes), hoursFromNow(9))).toEqual({ end, at: hoursFromNow(1) });
  });

  test('by reopening: once, and not after another end', () => {
    expect(reopen(closure(), NOW)).toMatchObject({ reopenedAt: NOW });
    const reopened = closure({ reopenedAt: hoursFromNow(-1) });
    expect(reopen(reopened, NOW)).toBe(reopened);
    for (const ended of [closure({ overriddenAt: hoursFromNow(-1) }), closure({ until: NOW })]) {
      expect(reopen(ended, NOW)).toMatchObject({ __typename: 'ClosureEnded', closure: ended });
    }
  });
});

describe('overriding', () => {
  const crisis = { area: '05315', phase: 'MASS_CASUALTY' } as const;

  test('sets a closure aside from MASS_CASUALTY on', () => {
    for (const phase of ['MASS_CASUALTY', 'PANDEMIC', 'STATE_OF_DEFENCE'] as const) {
      expect(override(closure(), { area: '', phase }, 'all in', NOW)).toMatchObject({
        overriddenAt: NOW,
        overrideReason: 'all in',
      });
    }
  });

  test('is refused in everyday care, with the phase that is needed', () => {
    expect(override(closure(), { area: '05315', phase: 'EVERYDAY' }, 'all in', NOW)).toMatchObject({
      __typename: 'NotInCrisis',
      area: '05315',
      phase: 'EVERYDAY',
      needed: 'MASS_CASUALTY',
    });
  });

  test('again for the same reason changes nothing; for another it is refused, and the first reason stands', () => {
    const overridden = closure({ overriddenAt: hoursFromNow(-1), overrideReason: 'all in' });
    expect(override(overridden, crisis, 'all in', NOW)).toBe(overridden);
    const refusal = override(overridden, crisis, 'another', NOW);
    expect(isRefused(refusal)).toBe(true);
    expect(refusal).toMatchObject({ __typename: 'ClosureEnded', closure: overridden });
  });

  test.each<[string, Partial<StoredClosure>]>([
    ['reopened', { reopenedAt: hoursFromNow(-1) }],
    ['lapsed', { until: NOW }],
  ])('has nothing to set aside of one that is %s', (_, changes) => {
    expect(override(closure(changes), crisis, 'all in', NOW)).toMatchObject({
      __typename: 'ClosureEnded',
    });
  });
});

describe('steering elsewhere', () => {
  const all: Urgency[] = ['IMMEDIATE', 'INPATIENT', 'AMBULATORY'];
  const closedTo = (
    department: StoredClosure['department'],
    arriving: ArrivingPatient,
    urgencies = all,
  ) => closedFor([closure({ department, urgencies })], arriving).length === 1;

  test('a closure of urgency 2 does not hide the facility for urgency 1', () => {
    const closed = ['INPATIENT'] as Urgency[];
    expect(closedTo('EMERGENCY', { intake: 'SK_I', urgency: 'INPATIENT' }, closed)).toBe(false);
    expect(closedTo('EMERGENCY', { intake: 'SK_II', urgency: 'IMMEDIATE' }, closed)).toBe(true);
    const need = { needs: ['NEUROSURGERY'] as Capability[] };
    expect(closedTo('NEUROSURGERY', { ...need, urgency: 'IMMEDIATE' }, closed)).toBe(false);
    expect(closedTo('NEUROSURGERY', { ...need, urgency: 'INPATIENT' }, closed)).toBe(true);
  });

  test('the whole facility closes for everybody of the urgency', () => {
    for (const arriving of [{ intake: 'SK_III' }, { category: 'NORMAL_WARD' }, {}] as const) {
      expect(closedTo('WHOLE_HOUSE', { ...arriving, urgency: 'IMMEDIATE' })).toBe(true);
    }
  });

  test.each<[StoredClosure['department'], Omit<ArrivingPatient, 'urgency'>, boolean]>([
    ['EMERGENCY', { intake: 'SK_III' }, true],
    ['TRAUMA_SURGERY', { intake: 'SK_I' }, true],
    ['TRAUMA_SURGERY', { intake: 'SK_III' }, false],
    ['EMERGENCY', { category: 'ICU_HIGH_CARE' }, false],
    ['INTENSIVE_CARE', { category: 'ICU_HIGH_CARE' }, true],
    ['INTENSIVE_CARE', { category: 'ECMO' }, true],
    ['INTENSIVE_CARE', { category: 'NEONATAL_ICU' }, false],
    ['PAEDIATRICS', { category: 'NEONATAL_ICU' }, true],
    ['INTENSIVE_CARE', { category: 'NORMAL_WARD' }, false],
    ['BURNS', { category: 'BURN' }, true],
    ['PAEDIATRICS', { intake: 'SK_I', needs: ['CHILD'] }, true],
    ['PAEDIATRICS', { intake: 'SK_I' }, false],
    ['INTENSIVE_CARE', { needs: ['VENTILATION'] }, true],
    ['CARDIAC_SURGERY', { needs: ['CARDIAC_SURGERY'] }, true],
    ['WHOLE_HOUSE', { intake: 'EX' }, true],
    ['EMERGENCY', { intake: 'EX' }, false],
  ])('%s closed, %p: %p', (department, arriving, expected) => {
    expect(closedTo(department, { ...arriving, urgency: 'IMMEDIATE' })).toBe(expected);
  });

  test('every closure that matters is given, so that a facility names all its reasons', () => {
    const closures = [
      closure({ urgencies: all }),
      closure({ department: 'BURNS', urgencies: all }),
    ];
    const needs: Capability[] = ['BURNS', 'NEUROSURGERY'];
    expect(closedFor(closures, { needs, urgency: 'IMMEDIATE' })).toEqual(closures);
  });
});

describe('whom of the injured a closure steers elsewhere', () => {
  const NEEDS: Capability[] = [
    ...(['NEUROSURGERY', 'BURNS', 'CHILD', 'MAXILLOFACIAL', 'OBSTETRICS', 'VENTILATION'] as const),
    ...(['DIALYSIS', 'ECMO', 'ISOLATION', 'DECONTAMINATION', 'CARDIAC_SURGERY'] as const),
  ];
  const DEPARTMENTS: Department[] = [
    ...(['WHOLE_HOUSE', 'EMERGENCY', 'TRAUMA_SURGERY', 'SURGERY', 'INTERNAL_MEDICINE'] as const),
    ...(['INTENSIVE_CARE', 'CARDIOLOGY', 'CARDIAC_SURGERY', 'NEUROLOGY', 'NEUROSURGERY'] as const),
    ...(['PAEDIATRICS', 'OBSTETRICS', 'BURNS', 'MAXILLOFACIAL_SURGERY', 'DIALYSIS'] as const),
    'PSYCHIATRY',
  ];
  const URGENCIES: Urgency[] = ['IMMEDIATE', 'INPATIENT', 'AMBULATORY'];

  test.each(DEPARTMENTS)('%s: the same as is said of each patient', (department) => {
    for (const urgency of URGENCIES) {
      const closed = closure({ department, urgencies: [urgency] });
      for (const intake of ['SK_I', 'SK_II', 'SK_III'] as const) {
        for (const needs of [[], ...NEEDS.map((need) => [need])]) {
          const isSteered = closedTo(closed).some(
            (to) =>
              to.categories.includes(intake) &&
              (to.needs.length === 0 || to.needs.some((need) => needs.includes(need))),
          );
          const arriving = { intake, needs, urgency: 'IMMEDIATE' as const };
          expect([intake, needs, isSteered]).toEqual([
            intake,
            needs,
            closedFor([closed], arriving).length > 0,
          ]);
        }
      }
    }
  });
});
