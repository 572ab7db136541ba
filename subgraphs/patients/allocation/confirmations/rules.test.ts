import {
  isReservedAtOnce,
  judgeOverrides,
  kindOf,
  lossOf,
  overridesFault,
  pathOfPlan,
  rideOfChosen,
  type Met,
  type Planned,
  type Room,
} from './rules.js';

const override = (part: object = {}) => ({
  patient: 'Anna',
  facility: 'near',
  reason: 'her mother is there',
  ...part,
});

describe('an override', () => {
  test.each(['', '  ', 'x'.repeat(501)])('needs a reason that fits: "%.10s"', (reason) => {
    expect(overridesFault([override(), override({ patient: 'Ben', reason })])).toMatch(
      /needs a reason.*Ben/,
    );
  });

  test('of 500 characters is long enough', () => {
    expect(overridesFault([override({ reason: 'x'.repeat(500) })])).toBeUndefined();
  });

  test('names each patient once', () => {
    expect(overridesFault([override(), override({ patient: 'Ben' })])).toBeUndefined();
    expect(overridesFault([override(), override({ facility: null })])).toContain('Anna came twice');
  });

  const anna: Planned = {
    ...{ patient: 'Anna', position: 7, facility: null, category: 'SK_II', diedAt: null },
  };
  const planned = (part: Partial<Planned> = {}) => new Map([['Anna', { ...anna, ...part }]]);

  test('sends a patient of the plan to another house, as who he is now', () => {
    expect(judgeOverrides([override()], planned())).toEqual([
      {
        ...{ patient: 'Anna', position: 7, reason: 'her mother is there' },
        to: { facility: 'near', category: 'SK_II' },
      },
    ]);
  });

  test('leaves somebody where he is', () => {
    expect(judgeOverrides([override({ facility: null })], planned())).toMatchObject([
      { position: 7, to: null },
    ]);
  });

  test('sends also somebody to whom the plan gives no house', () => {
    expect(judgeOverrides([override()], planned({ position: null }))).toMatchObject([
      { position: null, to: { facility: 'near' } },
    ]);
  });

  test.each<[string, object, Partial<Planned>, string]>([
    ['of somebody else', { patient: 'Ben' }, {}, 'not in this plan'],
    ['of the dead', {}, { diedAt: new Date(0) }, 'has died'],
    ['of EX', {}, { category: 'EX' }, 'has died'],
    ['of SK IV', {}, { category: 'SK_IV' }, 'SK_IV'],
    ['of the uninjured', {}, { category: 'UNINJURED' }, 'UNINJURED'],
    ['of whom nobody triaged', {}, { category: 'UNTRIAGED' }, 'UNTRIAGED'],
    ['to the house he is in', {}, { facility: 'near' }, 'is in this house'],
    ['that leaves out nothing', { facility: null }, { position: null }, 'no house in this plan'],
  ])('is not possible %s', (_, part, entry, words) => {
    expect(judgeOverrides([override(part)], planned(entry))).toMatchObject({
      __typename: 'OverrideNotPossible',
      message: expect.stringContaining(words),
    });
  });

  test('also leaves out those who cannot be sent', () => {
    expect(
      judgeOverrides([override({ facility: null })], planned({ category: 'EX' })),
    ).toMatchObject([{ to: null }]);
  });

  test('travels by road and alone, for as long as a proposal would say', () => {
    const parameters = { detourFactor: 1.3, roadKmPerHour: 60, airKmPerHour: 220, busFrom: 2 };
    const traveller = {
      ...{ ventilated: false, physicianEscort: false },
      from: { latitude: 50, longitude: 8 },
      to: { latitude: 50.449_66, longitude: 8 },
    };
    const ride = (category: 'SK_I' | 'SK_III') =>
      rideOfChosen({ ...traveller, category }, parameters);
    expect(ride('SK_I')).toEqual({ minutes: 65, means: 'RTW', withPhysician: true });
    expect(ride('SK_III')).toEqual({ minutes: 65, means: 'KTW', withPhysician: false });
  });
});

const NOTHING_ELSE = { facility: null, transportable: null, hasDied: false, isErased: false };

describe('what somebody loses his house to', () => {
  const then: Met['then'] = {
    category: 'SK_I',
    needs: ['NEUROSURGERY', 'BURNS'],
    ventilated: false,
  };
  const met = (part: Partial<Met['now']> = {}, isMoving = false): Met => ({
    then,
    now: {
      ...{ category: 'SK_I', needs: ['BURNS', 'NEUROSURGERY'], ventilated: false, ...NOTHING_ELSE },
      ...part,
    },
    isMoving,
  });
  const room = (part: Partial<Room> = {}): Room => ({
    ...{ isGot: true, refused: null, limitThen: 5, limitNow: 5 },
    ...part,
  });
  const codeOf = (one: Met, where: Room, from: string | null = null) =>
    lossOf(one, where, from)?.code;

  test('is nothing while he, the place and the limit are as they were', () => {
    expect(lossOf(met(), room(), null)).toBeUndefined();
    expect(lossOf(met({ facility: 'his', transportable: true }), room(), 'his')).toBeUndefined();
  });

  test('is nothing either when the limit was lowered and there is a place all the same', () => {
    expect(lossOf(met(), room({ limitNow: 1 }), null)).toBeUndefined();
  });

  test('is himself before it is the place', () => {
    const none = room({ isGot: false });
    expect(codeOf(met({ hasDied: true, isErased: true }, true), none)).toBe('DIED');
    expect(codeOf(met({ category: 'EX' }), none)).toBe('DIED');
    expect(codeOf(met({ category: 'SK_II' }, true), none)).toBe('ALREADY_MOVED');
    expect(codeOf(met({ facility: 'some' }), none)).toBe('ALREADY_MOVED');
    expect(codeOf(met(), none, 'the one he left')).toBe('ALREADY_MOVED');
    expect(codeOf(met({ isErased: true, category: 'SK_II' }), none)).toBe('ERASED');
    expect(codeOf(met({ isErased: true }, true), none)).toBe('ALREADY_MOVED');
    expect(codeOf(met({ category: 'SK_II', ventilated: true }), none)).toBe('TRIAGED_OTHERWISE');
    expect(codeOf(met({ ventilated: true }), none)).toBe('NEEDS_CHANGED');
  });

  test.each<[Partial<Met['now']>]>([
    [{ needs: ['BURNS'] }],
    [{ needs: [] }],
    [{ needs: ['BURNS', 'NEUROSURGERY', 'CHILD'] }],
    [{ needs: ['BURNS', 'CHILD'] }],
    [{ ventilated: true }],
  ])('is what he needs, when that is other than the plan knew: %j', (part) => {
    expect(codeOf(met(part), room())).toBe('NEEDS_CHANGED');
  });

  test('is nothing where nobody noted what the plan knew of him', () => {
    const unknown = {
      ...met({ ventilated: true, needs: [] }),
      then: { ...then, needs: null, ventilated: null },
    };
    expect(lossOf(unknown, room(), null)).toBeUndefined();
  });

  test.each([
    ['SK_I', true, undefined],
    ['SK_I', null, 'NOT_TRANSPORTABLE'],
    ['SK_I', false, 'NOT_TRANSPORTABLE'],
    ['SK_II', null, undefined],
    ['SK_II', false, 'NOT_TRANSPORTABLE'],
    ['SK_III', false, 'NOT_TRANSPORTABLE'],
  ] as const)(
    'of %s who is in a house and transportable: %p is %p',
    (category, transportable, code) => {
      const there = met({ category, transportable, facility: 'full' });
      expect(codeOf({ ...there, then: { ...then, category } }, room(), 'full')).toBe(code);
      // At a scene nobody is asked.
      expect(
        codeOf({ ...met({ category, transportable }), then: { ...then, category } }, room()),
      ).toBeUndefined();
    },
  );

  test('is the refusal when capacity would not reserve for the plan at all', () => {
    expect(lossOf(met(), room({ isGot: false, refused: 'The key was used.' }), null)).toEqual({
      code: 'RESERVATION_REFUSED',
      reason: expect.stringContaining('The key was used.'),
    });
  });

  test.each<[Partial<Room>, string, string]>([
    [{}, 'PLACE_TAKEN', 'All 5 places'],
    [{ limitNow: 6 }, 'PLACE_TAKEN', 'All 6 places'],
    [{ limitThen: null }, 'PLACE_TAKEN', 'All 5 places'],
    [{ limitThen: null, limitNow: null }, 'PLACE_TAKEN', 'not known to take'],
    [{ limitNow: 4 }, 'LIMIT_LOWERED', 'took 5 SK_I in all'],
    [{ limitNow: null }, 'LIMIT_LOWERED', 'takes none now'],
  ])('is the place when there is none: %j', (part, code, words) => {
    expect(lossOf(met(), room({ isGot: false, ...part }), null)).toEqual({
      code,
      reason: expect.stringContaining(words),
    });
  });
});

describe('the transfers of a plan', () => {
  const plan = { facility: null, area: '07339', approved: false, confirmedBy: 'dispatcher' };
  const ofFacility = { ...plan, facility: 'full' };

  test('from a scene ask the houses at once', () => {
    expect(kindOf(plan)).toBe('PRIMARY');
    expect(pathOfPlan(plan)).toEqual(['REQUESTED', 'DESTINATION_REQUESTED']);
  });

  test('from a house ask them when whoever confirmed may approve', () => {
    expect(kindOf(ofFacility)).toBe('CAPACITY');
    expect(pathOfPlan({ ...ofFacility, approved: true })).toEqual([
      ...['REQUESTED', 'APPROVED', 'DESTINATION_REQUESTED'],
    ]);
  });

  test('from a house wait for the approval otherwise', () => {
    expect(pathOfPlan(ofFacility)).toEqual(['REQUESTED']);
  });

  test('have their places at once unless they wait for the approval', () => {
    const plans = [plan, ofFacility, { ...ofFacility, approved: true }];
    expect(plans.map(isReservedAtOnce)).toEqual([true, false, true]);
  });
});
