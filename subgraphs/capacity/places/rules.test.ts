import type { StoredClosure } from '../closures/rules.js';
import type { Capability, FacilityKind, Hazard, PlaceFilter } from '../generated/graphql.js';
import type { Declared } from '../phases/store.js';
import { cautionsOf, faultInIntake, FRESH_MINUTES, judge, questionOf, usableOf } from './rules.js';
import type { BedsFacts, House, CasualtyFacts } from './rules/facts.js';

const now = new Date('2026-01-15T09:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

const house = (changes: Partial<House> = {}): House => ({
  kind: 'HOSPITAL',
  capabilities: [],
  isModelled: false,
  careLevel: 'STANDARD',
  closures: [],
  phases: [],
  beds: [],
  intake: [],
  ...changes,
});
const icu = (changes: Partial<BedsFacts> = {}): BedsFacts => ({
  category: 'ICU_HIGH_CARE',
  free: 2,
  status: 'AVAILABLE',
  stale: false,
  source: 'ward system',
  method: 'REPORTED',
  observedAt: minutesAgo(1),
  receivedAt: now,
  late: false,
  ...changes,
});
const redIntake = (changes: Partial<CasualtyFacts> = {}): CasualtyFacts => ({
  category: 'SK_I',
  limit: 3,
  reserved: 1,
  free: 2,
  method: 'REPORTED',
  ...changes,
});
const closure = (changes: Partial<StoredClosure> = {}): StoredClosure => ({
  __typename: 'Closure',
  id: 'the closure',
  facilityId: 'the house',
  department: 'WHOLE_HOUSE',
  urgencies: ['IMMEDIATE'],
  reason: 'no power',
  hazard: null,
  closedAt: minutesAgo(60),
  until: minutesAgo(-60),
  reopenedAt: null,
  overriddenAt: null,
  overrideReason: null,
  ...changes,
});
const phase = (hazard: Hazard): Declared => ({
  id: `the phase for ${hazard}`,
  area: '05315',
  phase: 'CATASTROPHE',
  hazard,
  legalBasis: '§ 1 BHKG',
  declaredAt: minutesAgo(60),
  declaredBy: 'the crisis staff',
  endedAt: null,
  endedBy: null,
  endReason: null,
});

const ICU: PlaceFilter = { categories: ['ICU_HIGH_CARE'] };
const RED: PlaceFilter = { intake: ['SK_I'] };
/** Takes anyone, so that nothing is set aside for want of an alternative. */
const alternative = house({
  beds: [icu()],
  intake: [redIntake()],
  capabilities: ['BURNS', 'CHILD'],
});

const ask = (houses: House[], filter: PlaceFilter = {}) => judge(houses, questionOf(filter), now);
/** What stands against a house beside another that can take everybody. */
const codesOf = (one: House, filter?: PlaceFilter) =>
  ask([one, alternative], filter)[0]!.reasons.map(({ code }) => code);

test.each<[string, House, PlaceFilter, string[]]>([
  ['a free bed', house({ beds: [icu({ free: 1 })] }), ICU, []],
  ['no free bed', house({ beds: [icu({ free: 0 })] }), ICU, ['NO_PLACE_LEFT']],
  [
    'a house that says it can take nobody',
    house({ beds: [icu({ status: 'UNAVAILABLE' })] }),
    ICU,
    ['NO_PLACE_LEFT'],
  ],
  [
    'a house that says so without a number',
    house({ beds: [icu({ free: null, status: 'UNAVAILABLE' })] }),
    ICU,
    ['NO_PLACE_LEFT'],
  ],
  ['a house that never reported', house(), ICU, ['NOT_REPORTED']],
  ['a report without a number', house({ beds: [icu({ free: null })] }), ICU, ['NOT_REPORTED']],
  ['a stale number', house({ beds: [icu({ stale: true })] }), ICU, ['STALE']],
  [
    'a stale number of nothing',
    house({ beds: [icu({ stale: true, free: 0 })] }),
    ICU,
    ['STALE', 'NO_PLACE_LEFT'],
  ],
  [
    'a stale number accepted',
    house({ beds: [icu({ stale: true })] }),
    { ...ICU, acceptStale: true },
    [],
  ],
  [
    'a number of nothing, stale and accepted',
    house({ beds: [icu({ stale: true, free: 0 })] }),
    { ...ICU, acceptStale: true },
    ['NO_PLACE_LEFT'],
  ],
  ['nothing reported, stale accepted', house(), { ...ICU, acceptStale: true }, ['NOT_REPORTED']],
  ['an intake with one left', house({ intake: [redIntake({ free: 1 })] }), RED, []],
  ['an intake that is taken', house({ intake: [redIntake({ free: 0 })] }), RED, ['NO_PLACE_LEFT']],
  ['an intake nobody declared', house({ beds: [icu()] }), RED, ['NOT_REPORTED']],
  ['a need that is met', house({ capabilities: ['BURNS'] }), { needs: ['BURNS'] }, []],
  ['a need that is not known to be met', house(), { needs: ['BURNS'] }, ['NEED_UNMET']],
  [
    'one need of two',
    house({ capabilities: ['BURNS'] }),
    { needs: ['BURNS', 'CHILD'] },
    ['NEED_UNMET'],
  ],
  ['a house that is overwhelmed', house({ careLevel: 'DECOMPENSATED' }), {}, ['OVERWHELMED']],
  ['a house that is strained', house({ careLevel: 'COMPENSATED' }), {}, []],
  ['a house that is closed', house({ closures: [closure()] }), {}, ['CLOSED']],
  [
    'a house whose emergency department is closed',
    house({ closures: [closure({ department: 'EMERGENCY' })] }),
    {},
    ['CLOSED'],
  ],
  [
    'the same for beds that patients are transferred to',
    house({ beds: [icu()], closures: [closure({ department: 'EMERGENCY' })] }),
    ICU,
    [],
  ],
  [
    'a house closed for others',
    house({ closures: [closure({ urgencies: ['INPATIENT', 'AMBULATORY'] })] }),
    {},
    [],
  ],
  [
    'a house closed for the urgency asked',
    house({ closures: [closure({ urgencies: ['INPATIENT'] })] }),
    { urgency: 'INPATIENT' },
    ['CLOSED'],
  ],
  [
    'an intake whose own urgency is open',
    house({ intake: [redIntake()], closures: [closure({ urgencies: ['INPATIENT'] })] }),
    { ...RED, urgency: 'INPATIENT' },
    [],
  ],
  [
    'a department that nobody asked for',
    house({ beds: [icu()], closures: [closure({ department: 'BURNS' })] }),
    ICU,
    [],
  ],
  [
    'the department of the beds',
    house({ beds: [icu()], closures: [closure({ department: 'INTENSIVE_CARE' })] }),
    ICU,
    ['CLOSED'],
  ],
  [
    'the department of a need',
    house({ capabilities: ['BURNS'], closures: [closure({ department: 'BURNS' })] }),
    { needs: ['BURNS'] },
    ['CLOSED'],
  ],
  ['a flood', house({ phases: [phase('FLOOD')] }), {}, ['HAZARD']],
  ['a CBRN hazard', house({ phases: [phase('CBRN')] }), {}, ['HAZARD']],
  ['an evacuation', house({ phases: [phase('EVACUATION')] }), {}, ['HAZARD']],
  ['the flood that is asked under', house({ phases: [phase('FLOOD')] }), { hazard: 'FLOOD' }, []],
  [
    'a flood beside what is asked under',
    house({ phases: [phase('FLOOD'), phase('HEAT')] }),
    { hazard: 'HEAT' },
    ['HAZARD'],
  ],
  ['a hazard that spares houses', house({ phases: [phase('PANDEMIC')] }), {}, []],
  ['two hazards', house({ phases: [phase('FLOOD'), phase('CBRN')] }), {}, ['HAZARD', 'HAZARD']],
  [
    'everything at once',
    house({
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
  const one = house({ beds: [icu({ observedAt: minutesAgo(minutes) })] });
  const [judged] = ask([one], { ...ICU, hazard });
  expect(judged!.offers[0]!.stale).toBe(stale);
  expect(judged!.reasons.map(({ code }) => code)).toEqual(stale ? ['STALE'] : []);
});

test('the only hazards with a limit of their own are mass casualty and terror, 15 minutes each', () => {
  expect(FRESH_MINUTES).toEqual({ MASS_CASUALTY: 15, TERROR: 15 });
});

test('a place on an accepted stale number is marked, one on a fresh number is not', () => {
  const filter: PlaceFilter = { ...ICU, acceptStale: true };
  const [stale, fresh] = ask([house({ beds: [icu({ stale: true })] }), alternative], filter);
  expect(cautionsOf(stale!)).toMatchObject([{ code: 'STALE_ACCEPTED', category: 'ICU_HIGH_CARE' }]);
  expect(cautionsOf(fresh!)).toEqual([]);
});

test('what is not usable gives no caution', () => {
  const beds = [icu({ stale: true, free: 0 }), icu({ category: 'BURN' })];
  const filter: PlaceFilter = { categories: ['ICU_HIGH_CARE', 'BURN'], acceptStale: true };
  const [judged] = ask([house({ beds })], filter);
  expect(judged!.reasons).toEqual([]);
  expect(cautionsOf(judged!)).toEqual([]);
});

test('a house is usable with one of several kinds asked, and each says for itself what it has', () => {
  const one = house({ beds: [icu()], intake: [redIntake({ free: 0, reserved: 3 })] });
  const [judged] = ask([one], { categories: ['ICU_HIGH_CARE', 'BURN'], ...RED });
  expect(judged!.reasons).toEqual([]);
  expect(judged!.offers.map(usableOf)).toEqual([2, 0, 0]);
  expect(judged!.offers.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
    [],
    ['NOT_REPORTED'],
    ['NO_PLACE_LEFT'],
  ]);
});

test('a closure stands against a house once, however much of what is asked it closes', () => {
  const one = house({ beds: [icu()], intake: [redIntake()], closures: [closure()] });
  expect(codesOf(one, { ...ICU, ...RED })).toEqual(['CLOSED']);
});

test('reasons carry what they rest on', () => {
  const flooded = phase('FLOOD');
  const closed = closure({ hazard: 'CYBER_ATTACK' });
  const one = house({ phases: [flooded], closures: [closed] });
  const [judged] = ask([one, alternative], { needs: ['CHILD'] });
  expect(judged!.reasons).toMatchObject([
    { code: 'NEED_UNMET', needs: ['CHILD'] },
    { code: 'HAZARD', hazard: 'FLOOD', phase: flooded },
    { code: 'CLOSED', hazard: 'CYBER_ATTACK', closure: closed },
  ]);
});

describe('where no house can take patients of the highest urgency', () => {
  const closed = house({ beds: [icu()], intake: [redIntake()], closures: [closure()] });

  test.each<[string, PlaceFilter]>([
    ['beds', ICU],
    ['SK I', RED],
    ['whoever is not triaged', { intake: ['UNTRIAGED'] }],
    ['nothing in particular', {}],
  ])('a closure is set aside for %s, and the place says so', (_, filter) => {
    const one = { ...closed, intake: [redIntake(), redIntake({ category: 'UNTRIAGED' })] };
    const [judged] = ask([one, house({ careLevel: 'DECOMPENSATED' })], filter);
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
    const [judged] = ask([{ ...closed, intake, closures: [all] }], filter);
    expect(judged!.reasons.map(({ code }) => code)).toEqual(['CLOSED']);
  });

  test('one open house is alternative enough', () => {
    expect(codesOf(closed, RED)).toEqual(['CLOSED']);
  });

  test('an open house that cannot take anyone is none', () => {
    const full = house({ intake: [redIntake({ free: 0 })] });
    const flooded = house({ intake: [redIntake()], phases: [phase('FLOOD')] });
    const [judged] = ask([closed, full, flooded], RED);
    expect(judged!.reasons).toEqual([]);
  });

  test.each<[string, Partial<House>]>([
    ['full', { intake: [redIntake({ free: 0 })] }],
    ['overwhelmed', { careLevel: 'DECOMPENSATED' }],
    ['flooded', { phases: [phase('FLOOD')] }],
  ])('a house that is closed and %s stays left out', (_, changes) => {
    const [judged] = ask([{ ...closed, ...changes }], RED);
    expect(judged!.reasons.map(({ code }) => code)).toContain('CLOSED');
    expect(judged!.reasons).toHaveLength(2);
  });

  test('each kind of place is judged by itself: a free bed is no alternative for SK I', () => {
    const bedsOnly = house({ beds: [icu()] });
    const [one] = ask([closed, bedsOnly], { ...ICU, ...RED });
    expect(one!.offers.map(usableOf)).toEqual([0, 2]);
    expect(cautionsOf(one!)).toMatchObject([{ code: 'CLOSURE_SET_ASIDE', intake: 'SK_I' }]);
  });

  test('a stale number in a closed house stays stale', () => {
    const [judged] = ask([{ ...closed, beds: [icu({ stale: true })] }], ICU);
    expect(judged!.reasons.map(({ code }) => code)).toEqual(['CLOSED', 'STALE']);
  });

  test('with stale numbers accepted the place carries both cautions', () => {
    const stale = { ...closed, beds: [icu({ stale: true })] };
    const [judged] = ask([stale], { ...ICU, acceptStale: true });
    expect(cautionsOf(judged!).map(({ code }) => code)).toEqual([
      'CLOSURE_SET_ASIDE',
      'STALE_ACCEPTED',
    ]);
  });
});

describe('who is asked', () => {
  test.each<FacilityKind>(['HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'FIELD_CLINIC'])(
    '%s, whatever it has reported',
    (kind) => {
      expect(ask([house({ kind })])).toHaveLength(1);
      expect(ask([house({ kind })], { ...ICU, ...RED })).toHaveLength(1);
    },
  );

  const kind = 'EMERGENCY_PRACTICE';
  test.each<[string, House, PlaceFilter, number]>([
    ['another kind for nothing in particular', house({ kind }), {}, 0],
    ['another kind that has not reported', house({ kind }), ICU, 0],
    ['another kind that has reported', house({ kind, beds: [icu({ free: 0 })] }), ICU, 1],
    [
      'another kind that reported other beds',
      house({ kind, beds: [icu({ category: 'BURN' })] }),
      ICU,
      0,
    ],
    ['another kind that takes SK I', house({ kind, intake: [redIntake()] }), RED, 1],
    [
      'another kind that takes others',
      house({ kind, intake: [redIntake()] }),
      { intake: ['SK_III'] },
      0,
    ],
    ['a placeholder', house({ kind: 'PLACEHOLDER', beds: [icu()] }), ICU, 0],
  ])('%s', (_, one, filter, count) => {
    expect(ask([one], filter)).toHaveLength(count);
  });
});

test('houses stay in the order given', () => {
  const houses = [house({ beds: [icu()] }), house(), house({ beds: [icu({ free: 0 })] })];
  expect(ask(houses, ICU).map((judged) => judged.house)).toEqual(houses);
});

test('what is named twice is asked once, and the dead are not taken to places', () => {
  const question = questionOf({ categories: ['BURN', 'BURN'], intake: ['SK_I', 'SK_I', 'EX'] });
  expect(question).toMatchObject({ categories: ['BURN'], intake: ['SK_I'], urgency: 'IMMEDIATE' });
  expect(faultInIntake(['SK_I', 'EX'])).toContain('EX');
  expect(faultInIntake(['SK_I'])).toBeUndefined();
  expect(faultInIntake(undefined)).toBeUndefined();
});

test('a need that is met by what is modelled of a house is said first, a helipad on the map is not', () => {
  const modelled = (capabilities: House['capabilities'], isModelled = true) =>
    house({ capabilities, isModelled, beds: [icu()] });
  const cautions = (one: House, needs: Capability[]) =>
    judge([one], questionOf({ categories: ['ICU_HIGH_CARE'], needs }), now).flatMap(cautionsOf);
  expect(cautions(modelled(['NEUROSURGERY']), ['NEUROSURGERY'])).toMatchObject([
    { code: 'MODELLED_CAPABILITIES', message: expect.stringMatching(/^Modelled.*NEUROSURGERY/) },
  ]);
  expect(cautions(modelled(['HELIPAD']), ['HELIPAD'])).toEqual([]);
  expect(cautions(modelled(['NEUROSURGERY']), [])).toEqual([]);
  expect(cautions(modelled(['NEUROSURGERY'], false), ['NEUROSURGERY'])).toEqual([]);
  expect(cautions(modelled([]), ['NEUROSURGERY'])).toEqual([]);
});
