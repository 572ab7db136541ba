import { daysFromNow, NOW } from '../../../../shared/testing/now.js';
import type {
  DeclareIntakeInput,
  FacilityKind,
  IntakeNumberInput,
} from '../../generated/graphql.js';
import { faultInIntake, judgeIntake, MOST_CASUALTIES } from './declaration.js';

const number = (changes: Partial<IntakeNumberInput> = {}): IntakeNumberInput => ({
  category: 'SK_I',
  immediate: 3,
  afterAlarmPlan: 0,
  perHour: 0,
  ...changes,
});
const input = (changes: Partial<DeclareIntakeInput> = {}): DeclareIntakeInput => ({
  facility: 'f',
  source: 'duty manager',
  method: 'REPORTED',
  until: daysFromNow(1),
  numbers: [number()],
  idempotencyKey: 'k',
  ...changes,
});
const judge = (changes: Partial<DeclareIntakeInput> = {}, kind: FacilityKind = 'HOSPITAL') =>
  judgeIntake(input(changes), kind, NOW);

test('a declaration holds from now on, every hour, unless it says otherwise', () => {
  expect(judge({ assumption: '  ' })).toEqual({
    source: 'duty manager',
    method: 'REPORTED',
    assumption: null,
    validFrom: NOW,
    validUntil: daysFromNow(1),
    numbers: [
      {
        category: 'SK_I',
        weekdays: [],
        fromMinute: 0,
        toMinute: 1_440,
        immediate: 3,
        afterAlarmPlan: 0,
        perHour: 0,
      },
    ],
  });
});

test('a window from midnight to midnight is the whole day', () => {
  expect(judge({ numbers: [number({ from: '00:00', until: '00:00' })] })).toMatchObject({
    numbers: [{ fromMinute: 0, toMinute: 1_440 }],
  });
});

test.each([
  ['no source', { source: ' ' }, 'source'],
  ['a source that is a text', { source: 'x'.repeat(201) }, 'source'],
  ['modelled numbers without an assumption', { method: 'MODELLED' as const }, 'assumption'],
  ['estimated ones', { method: 'ESTIMATED' as const, assumption: ' ' }, 'assumption'],
  ['an assumption that is an essay', { assumption: 'x'.repeat(501) }, 'assumption'],
  ['no number', { numbers: [] }, 'numbers'],
])('a declaration is refused as incomplete: %s', (_, changes, field) => {
  expect(judge(changes)).toMatchObject({ __typename: 'InvalidIntake', field, uncovered: null });
});

test.each(['immediate', 'afterAlarmPlan', 'perHour'] as const)(
  'a count below 0 or above what a facility can take is refused: %s',
  (field) => {
    for (const value of [-1, MOST_CASUALTIES + 1]) {
      expect(judge({ numbers: [number(), number({ [field]: value })] })).toMatchObject({
        __typename: 'ImplausibleCount',
        field: `numbers[1].${field}`,
        value,
        maximum: MOST_CASUALTIES,
      });
    }
    expect(judge({ numbers: [number({ [field]: MOST_CASUALTIES })] })).toHaveProperty('validFrom');
  },
);

describe('the kind of a facility', () => {
  test.each(['EMERGENCY_PRACTICE', 'PRACTICE', 'TRAUMA_OUTPATIENT_CLINIC'] as const)(
    'a %s takes SK III and uninjured, and takes no shock room for it',
    (kind) => {
      for (const category of ['SK_III', 'UNINJURED'] as const)
        expect(judge({ numbers: [number({ category })] }, kind)).toHaveProperty('validFrom');
      expect(judge({ numbers: [number({ category: 'SK_II' })] }, kind)).toMatchObject({
        __typename: 'CategoryNotTaken',
        category: 'SK_II',
        facilityKind: kind,
        allowed: ['SK_III', 'UNINJURED'],
      });
    },
  );

  test.each([
    'HOSPITAL',
    'FIELD_CLINIC',
    'PRACTICE',
    'CARE_HOME',
    'HOME_CARE_SERVICE',
    'PLACEHOLDER',
  ] as const)('no %s takes the dead', (kind) => {
    expect(judge({ numbers: [number({ category: 'EX' })] }, kind)).toMatchObject({
      __typename: 'CategoryNotTaken',
      category: 'EX',
    });
  });

  test('a hospital takes every other category', () => {
    const categories = ['SK_I', 'SK_II', 'SK_III', 'SK_IV', 'UNINJURED', 'UNTRIAGED'] as const;
    const numbers = categories.map((category) => number({ category }));
    expect(judge({ numbers })).toHaveProperty('validFrom');
  });

  test('a service that nurses people at home takes nobody', () => {
    expect(
      judge({ numbers: [number({ category: 'UNINJURED' })] }, 'HOME_CARE_SERVICE'),
    ).toMatchObject({ __typename: 'CategoryNotTaken', allowed: [] });
  });
});

describe('every hour has one number of a category', () => {
  const day = number({ from: '07:00', until: '19:00' });
  const night = number({ from: '19:00', until: '07:00' });

  test.each([
    ['one without a window', [number()]],
    ['day and night', [day, night]],
    ['a window and what holds otherwise', [day, number()]],
    ['the same window of two categories', [day, night, number({ category: 'SK_II' })]],
  ])('%s', (_, numbers) => {
    expect(judge({ numbers })).toHaveProperty('validFrom');
  });

  test.each([
    ['two without a window', [number(), number()]],
    ['windows that meet', [number(), day, number({ from: '18:59', until: '20:00' })]],
    [
      'over midnight',
      [
        number(),
        number({ from: '22:00', until: '06:00', weekdays: ['SUNDAY'] }),
        number({ from: '05:00', until: '06:00', weekdays: ['MONDAY'] }),
      ],
    ],
  ])('two numbers for one hour are refused: %s', (_, numbers) => {
    expect(judge({ numbers })).toMatchObject({
      __typename: 'InvalidIntakeWindows',
      category: 'SK_I',
      first: numbers.length - 2,
      second: numbers.length - 1,
    });
  });

  test('an hour without a number is refused, because nobody could distinguish none from not said', () => {
    expect(judge({ numbers: [number({ category: 'SK_II' }), day] })).toMatchObject({
      __typename: 'InvalidIntake',
      field: 'numbers',
      uncovered: 'SK_I',
    });
  });
});

describe('validity', () => {
  test.each([
    ['a day back', { from: daysFromNow(-1) }],
    ['a year ahead', { from: daysFromNow(365), until: daysFromNow(365 + 366) }],
    ['until a moment from now', { until: new Date(NOW.getTime() + 1) }],
    ['for a year', { until: daysFromNow(366) }],
  ])('is accepted: %s', (_, changes) => {
    expect(judge(changes)).toHaveProperty('validFrom');
  });

  const [dayBack, yearAhead] = [daysFromNow(-1).getTime(), daysFromNow(365).getTime()];
  test.each([
    ['from longer ago than a day', { from: new Date(dayBack - 1) }, 'from'],
    ['from further than a year ahead', { from: new Date(yearAhead + 1) }, 'from'],
    ['until now', { until: NOW }, 'until'],
    ['until before it begins', { from: daysFromNow(2), until: daysFromNow(1) }, 'until'],
    ['for more than a year', { until: new Date(daysFromNow(366).getTime() + 1) }, 'until'],
    [
      'that ended before it was declared',
      { from: daysFromNow(-1), until: daysFromNow(-0.5) },
      'until',
    ],
  ])('is refused: %s', (_, changes, field) => {
    const verdict = judge(changes);
    expect(verdict).toMatchObject({ __typename: 'ValidityOutOfRange', field });
  });
});

describe('the form of a time', () => {
  test.each([
    ['both or neither', { from: '07:00' }, 'until is missing'],
    ['both or neither, the other way round', { until: '07:00' }, 'from is missing'],
    ['from is a time of day', { from: '7 am', until: '19:00' }, 'numbers[0].from'],
    ['nothing begins at 24:00', { from: '24:00', until: '07:00' }, 'numbers[0].from'],
    ['until is a time of day', { from: '07:00', until: '25:00' }, 'numbers[0].until'],
  ])('is returned to the caller: %s', (_, changes, fault) => {
    expect(faultInIntake(input({ numbers: [number(changes)] }))).toContain(fault);
  });

  test('is right with both times or none', () => {
    const numbers = [number(), number({ from: '22:00', until: '24:00' })];
    expect(faultInIntake(input({ numbers }))).toBeUndefined();
  });
});
