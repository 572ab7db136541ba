import type { Capability, FacilityKind, Hazard, PlaceFilter } from '../generated/graphql.js';
import {
  closure,
  facility,
  icu,
  minutesAgo,
  now,
  phase,
  redIntake,
} from '../testing/facility-facts.js';
import { cautionsOf, faultInIntake, FRESH_MINUTES, judge, queryOf, usableOf } from './rules.js';
import type { FacilityFacts } from './rules/facts.js';

const ICU: PlaceFilter = { categories: ['ICU_HIGH_CARE'] };
const RED: PlaceFilter = { intake: ['SK_I'] };
/** Takes anyone, so that nothing is set aside for want of an alternative. */
const alternative = facility({
  beds: [icu()],
  intake: [redIntake()],
  capabilities: ['BURNS', 'CHILD'],
});

const request = (facilities: FacilityFacts[], filter: PlaceFilter = {}) =>
  judge(facilities, queryOf(filter), now);
/** Returns the reasons against a facility beside another that admits everybody. */
const codesOf = (one: FacilityFacts, filter?: PlaceFilter) =>
  request([one, alternative], filter)[0]!.reasons.map(({ code }) => code);

test.each<[string, FacilityFacts, PlaceFilter, string[]]>([
  ['a free bed', facility({ beds: [icu({ free: 1 })] }), ICU, []],
  ['no free bed', facility({ beds: [icu({ free: 0 })] }), ICU, ['NO_PLACE_LEFT']],
  [
    'a facility that says it can take nobody',
    facility({ beds: [icu({ status: 'UNAVAILABLE' })] }),
    ICU,
    ['NO_PLACE_LEFT'],
  ],
  [
    'a facility that says so without a number',
    facility({ beds: [icu({ free: null, status: 'UNAVAILABLE' })] }),
    ICU,
    ['NO_PLACE_LEFT'],
  ],
  ['a facility that never reported', facility(), ICU, ['NOT_REPORTED']],
  ['a report without a number', facility({ beds: [icu({ free: null })] }), ICU, ['NOT_REPORTED']],
  ['a stale number', facility({ beds: [icu({ stale: true })] }), ICU, ['STALE']],
  [
    'a stale number of nothing',
    facility({ beds: [icu({ stale: true, free: 0 })] }),
    ICU,
    ['STALE', 'NO_PLACE_LEFT'],
  ],
  [
    'a stale number accepted',
    facility({ beds: [icu({ stale: true })] }),
    { ...ICU, acceptStale: true },
    [],
  ],
  [
    'a number of nothing, stale and accepted',
    facility({ beds: [icu({ stale: true, free: 0 })] }),
    { ...ICU, acceptStale: true },
    ['NO_PLACE_LEFT'],
  ],
  ['nothing reported, stale accepted', facility(), { ...ICU, acceptStale: true }, ['NOT_REPORTED']],
  ['an intake with one left', facility({ intake: [redIntake({ free: 1 })] }), RED, []],
  [
    'an intake that is reserved',
    facility({ intake: [redIntake({ free: 0 })] }),
    RED,
    ['NO_PLACE_LEFT'],
  ],
  ['an intake nobody declared', facility({ beds: [icu()] }), RED, ['NOT_REPORTED']],
  ['a need that is met', facility({ capabilities: ['BURNS'] }), { needs: ['BURNS'] }, []],
  ['a need that is not known to be met', facility(), { needs: ['BURNS'] }, ['NEED_UNMET']],
  [
    'one need of two',
    facility({ capabilities: ['BURNS'] }),
    { needs: ['BURNS', 'CHILD'] },
    ['NEED_UNMET'],
  ],
  ['a facility that is overwhelmed', facility({ careLevel: 'DECOMPENSATED' }), {}, ['OVERWHELMED']],
  ['a facility that is strained', facility({ careLevel: 'COMPENSATED' }), {}, []],
  ['a facility that is closed', facility({ closures: [closure()] }), {}, ['CLOSED']],
  [
    'a facility whose emergency department is closed',
    facility({ closures: [closure({ department: 'EMERGENCY' })] }),
    {},
    ['CLOSED'],
  ],
  [
    'the same for beds that patients are transferred to',
    facility({ beds: [icu()], closures: [closure({ department: 'EMERGENCY' })] }),
    ICU,
    [],
  ],
  [
    'a facility closed for others',
    facility({ closures: [closure({ urgencies: ['INPATIENT', 'AMBULATORY'] })] }),
    {},
    [],
  ],
  [
    'a facility closed for the urgency asked',
    facility({ closures: [closure({ urgencies: ['INPATIENT'] })] }),
    { urgency: 'INPATIENT' },
    ['CLOSED'],
  ],
  [
    'an intake whose own urgency is open',
    facility({ intake: [redIntake()], closures: [closure({ urgencies: ['INPATIENT'] })] }),
    { ...RED, urgency: 'INPATIENT' },
    [],
  ],
  [
    'a department that nobody requested',
    facility({ beds: [icu()], closures: [closure({ department: 'BURNS' })] }),
    ICU,
    [],
  ],
  [
    'the department of the beds',
    facility({ beds: [icu()], closures: [closure({ department: 'INTENSIVE_CARE' })] }),
    ICU,
    ['CLOSED'],
  ],
  [
    'the department of a need',
    facility({ capabilities: ['BURNS'], closures: [closure({ department: 'BURNS' })] }),
    { needs: ['BURNS'] },
    ['CLOSED'],
  ],
  ['a flood', facility({ phases: [phase('FLOOD')] }), {}, ['HAZARD']],
  ['a CBRN hazard', facility({ phases: [phase('CBRN')] }), {}, ['HAZARD']],
  ['an evacuation', facility({ phases: [phase('EVACUATION')] }), {}, ['HAZARD']],
  [
    'the flood that the query names',
    facility({ phases: [phase('FLOOD')] }),
    { hazard: 'FLOOD' },
    [],
  ],
  [
    'a flood beside what is requested under',
    facility({ phases: [phase('FLOOD'), phase('HEAT')] }),
    { hazard: 'HEAT' },
    ['HAZARD'],
  ],
  ['a hazard that spares facilities', facility({ phases: [phase('PANDEMIC')] }), {}, []],
  ['two hazards', facility({ phases: [phase('FLOOD'), phase('CBRN')] }), {}, ['HAZARD', 'HAZARD']],
  [
    'everything at once',
    facility({
      careLevel: 'DECOMPENSATED',
      phases: [phase('FLOOD')],
      closures: [closure()],
      beds: [icu({ free: 0, stale: true })],
    }),
    { ...ICU, ...RED, needs: ['CHILD'] },
    ['NEED_UNMET', 'OVERWHELMED', 'HAZARD', 'CLOSED', 'STALE', 'NO_PLACE_LEFT', 'NOT_REPORTED'],
  ],
])('%s', (_, one, filter, codes) => {
  expect(codesOf(one, filter)).toEqual(codes);
});

test.each<[Hazard | null, number, boolean]>([
  ['MASS_CASUALTY', 14.99, false],
  ['MASS_CASUALTY', 15, true],
  ['TERROR', 15, true],
  ['PANDEMIC', 15, false],
  ['PANDEMIC', 1_439, false],
  [null, 1_439, false],
])('under %s a number of %d minutes ago is stale: %s', (hazard, minutes, stale) => {
  const one = facility({ beds: [icu({ observedAt: minutesAgo(minutes) })] });
  const [judged] = request([one], { ...ICU, hazard });
  expect(judged!.offers[0]!.stale).toBe(stale);
  expect(judged!.reasons.map(({ code }) => code)).toEqual(stale ? ['STALE'] : []);
});

test('the only hazards with a limit of their own are mass casualty and terror, 15 minutes each', () => {
  expect(FRESH_MINUTES).toEqual({ MASS_CASUALTY: 15, TERROR: 15 });
});

test('a facility on an accepted stale number is marked, one on a fresh number is not', () => {
  const filter: PlaceFilter = { ...ICU, acceptStale: true };
  const [stale, fresh] = request([facility({ beds: [icu({ stale: true })] }), alternative], filter);
  expect(cautionsOf(stale!)).toMatchObject([{ code: 'STALE_ACCEPTED', category: 'ICU_HIGH_CARE' }]);
  expect(cautionsOf(fresh!)).toEqual([]);
});

test('a facility that is not usable gives no caution', () => {
  const beds = [icu({ stale: true, free: 0 }), icu({ category: 'BURN' })];
  const filter: PlaceFilter = { categories: ['ICU_HIGH_CARE', 'BURN'], acceptStale: true };
  const [judged] = request([facility({ beds })], filter);
  expect(judged!.reasons).toEqual([]);
  expect(cautionsOf(judged!)).toEqual([]);
});

test('a facility is usable with one of several kinds asked, and each says for itself what it has', () => {
  const one = facility({ beds: [icu()], intake: [redIntake({ free: 0, reserved: 3 })] });
  const [judged] = request([one], { categories: ['ICU_HIGH_CARE', 'BURN'], ...RED });
  expect(judged!.reasons).toEqual([]);
  expect(judged!.offers.map(usableOf)).toEqual([2, 0, 0]);
  expect(judged!.offers.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
    [],
    ['NOT_REPORTED'],
    ['NO_PLACE_LEFT'],
  ]);
});

test('a closure stands against a facility once, however much of what is requested it closes', () => {
  const one = facility({ beds: [icu()], intake: [redIntake()], closures: [closure()] });
  expect(codesOf(one, { ...ICU, ...RED })).toEqual(['CLOSED']);
});

test('reasons carry what they rest on', () => {
  const flooded = phase('FLOOD');
  const closed = closure({ hazard: 'CYBER_ATTACK' });
  const one = facility({ phases: [flooded], closures: [closed] });
  const [judged] = request([one, alternative], { needs: ['CHILD'] });
  expect(judged!.reasons).toMatchObject([
    { code: 'NEED_UNMET', needs: ['CHILD'] },
    { code: 'HAZARD', hazard: 'FLOOD', phase: flooded },
    { code: 'CLOSED', hazard: 'CYBER_ATTACK', closure: closed },
  ]);
});

describe('where no facility can take patients of the highest urgency', () => {
  const closed = facility({ beds: [icu()], intake: [redIntake()], closures: [closure()] });

  test.each<[string, PlaceFilter]>([
    ['beds', ICU],
    ['SK I', RED],
    ['patients who are not triaged', { intake: ['UNTRIAGED'] }],
    ['nothing in particular', {}],
  ])('a closure is set aside for %s, and the facility says so', (_, filter) => {
    const one = { ...closed, intake: [redIntake(), redIntake({ category: 'UNTRIAGED' })] };
    const [judged] = request([one, facility({ careLevel: 'DECOMPENSATED' })], filter);
    expect(judged!.reasons).toEqual([]);
    expect(cautionsOf(judged!)).toMatchObject([
      { code: 'CLOSURE_SET_ASIDE', closure: { id: 'the closure' } },
    ]);
  });

  test.each<[string, PlaceFilter]>([
    ['beds for inpatients', { ...ICU, urgency: 'INPATIENT' }],
    ['SK II', { intake: ['SK_II'] }],
    ['SK III', { intake: ['SK_III'] }],
  ])('no closure is set aside for %s', (_, filter) => {
    const all = closure({ urgencies: ['IMMEDIATE', 'INPATIENT', 'AMBULATORY'] });
    const intake = [redIntake({ category: 'SK_II' }), redIntake({ category: 'SK_III' })];
    const [judged] = request([{ ...closed, intake, closures: [all] }], filter);
    expect(judged!.reasons.map(({ code }) => code)).toEqual(['CLOSED']);
  });

  test('one open facility is alternative enough', () => {
    expect(codesOf(closed, RED)).toEqual(['CLOSED']);
  });

  test('an open facility that cannot take anyone is none', () => {
    const full = facility({ intake: [redIntake({ free: 0 })] });
    const flooded = facility({ intake: [redIntake()], phases: [phase('FLOOD')] });
    const [judged] = request([closed, full, flooded], RED);
    expect(judged!.reasons).toEqual([]);
  });

  test.each<[string, Partial<FacilityFacts>]>([
    ['full', { intake: [redIntake({ free: 0 })] }],
    ['overwhelmed', { careLevel: 'DECOMPENSATED' }],
    ['flooded', { phases: [phase('FLOOD')] }],
  ])('a facility that is closed and %s stays left out', (_, changes) => {
    const [judged] = request([{ ...closed, ...changes }], RED);
    expect(judged!.reasons.map(({ code }) => code)).toContain('CLOSED');
    expect(judged!.reasons).toHaveLength(2);
  });

  test('each kind of facility is judged by itself: a free bed is no alternative for SK I', () => {
    const bedsOnly = facility({ beds: [icu()] });
    const [one] = request([closed, bedsOnly], { ...ICU, ...RED });
    expect(one!.offers.map(usableOf)).toEqual([0, 2]);
    expect(cautionsOf(one!)).toMatchObject([{ code: 'CLOSURE_SET_ASIDE', intake: 'SK_I' }]);
  });

  test('a stale number in a closed facility stays stale', () => {
    const [judged] = request([{ ...closed, beds: [icu({ stale: true })] }], ICU);
    expect(judged!.reasons.map(({ code }) => code)).toEqual(['CLOSED', 'STALE']);
  });

  test('with stale numbers accepted the facility carries both cautions', () => {
    const stale = { ...closed, beds: [icu({ stale: true })] };
    const [judged] = request([stale], { ...ICU, acceptStale: true });
    expect(cautionsOf(judged!).map(({ code }) => code)).toEqual([
      'CLOSURE_SET_ASIDE',
      'STALE_ACCEPTED',
    ]);
  });
});

describe('the query of facilities', () => {
  test.each<FacilityKind>(['HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'FIELD_CLINIC'])(
    '%s, whatever it has reported',
    (kind) => {
      expect(request([facility({ kind })])).toHaveLength(1);
      expect(request([facility({ kind })], { ...ICU, ...RED })).toHaveLength(1);
    },
  );

  const kind = 'EMERGENCY_PRACTICE';
  test.each<[string, FacilityFacts, PlaceFilter, number]>([
    ['another kind for nothing in particular', facility({ kind }), {}, 0],
    ['another kind that has not reported', facility({ kind }), ICU, 0],
    ['another kind that has reported', facility({ kind, beds: [icu({ free: 0 })] }), ICU, 1],
    [
      'another kind that reported other beds',
      facility({ kind, beds: [icu({ category: 'BURN' })] }),
      ICU,
      0,
    ],
    ['another kind that takes SK I', facility({ kind, intake: [redIntake()] }), RED, 1],
    [
      'another kind that takes others',
      facility({ kind, intake: [redIntake()] }),
      { intake: ['SK_III'] },
      0,
    ],
    ['a placeholder', facility({ kind: 'PLACEHOLDER', beds: [icu()] }), ICU, 0],
  ])('%s', (_, one, filter, count) => {
    expect(request([one], filter)).toHaveLength(count);
  });
});

test('facilities stay in the order given', () => {
  const facilities = [
    facility({ beds: [icu()] }),
    facility(),
    facility({ beds: [icu({ free: 0 })] }),
  ];
  expect(request(facilities, ICU).map((judged) => judged.facility)).toEqual(facilities);
});

test('a category that is named twice is queried once, and the dead are not transported to facilities', () => {
  const query = queryOf({ categories: ['BURN', 'BURN'], intake: ['SK_I', 'SK_I', 'EX'] });
  expect(query).toMatchObject({ categories: ['BURN'], intake: ['SK_I'], urgency: 'IMMEDIATE' });
  expect(faultInIntake(['SK_I', 'EX'])).toContain('EX');
  expect(faultInIntake(['SK_I'])).toBeUndefined();
  expect(faultInIntake(undefined)).toBeUndefined();
});

test('a need that is met by what is modelled of a facility is said first, a helipad on the map is not', () => {
  const modelled = (capabilities: FacilityFacts['capabilities'], isModelled = true) =>
    facility({ capabilities, isModelled, beds: [icu()] });
  const cautions = (one: FacilityFacts, needs: Capability[]) =>
    judge([one], queryOf({ categories: ['ICU_HIGH_CARE'], needs }), now).flatMap(cautionsOf);
  expect(cautions(modelled(['NEUROSURGERY']), ['NEUROSURGERY'])).toMatchObject([
    { code: 'MODELLED_CAPABILITIES', message: expect.stringMatching(/^Modelled.*NEUROSURGERY/) },
  ]);
  expect(cautions(modelled(['HELIPAD']), ['HELIPAD'])).toEqual([]);
  expect(cautions(modelled(['NEUROSURGERY']), [])).toEqual([]);
  expect(cautions(modelled(['NEUROSURGERY'], false), ['NEUROSURGERY'])).toEqual([]);
  expect(cautions(modelled([]), ['NEUROSURGERY'])).toEqual([]);
});
