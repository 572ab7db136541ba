import { lossOf, type PatientChange, type SlotState } from './losses.js';
import { judgeOverrides, overridesFault, rideOfChosen, type PlannedPatient } from './overrides.js';
import { isReservedAtOnce, kindOf, pathOfPlan } from './transfers.js';

const override = (part: object = {}) => ({
  patient: 'Anna',
  facility: 'near',
  reason: 'her mother is there',
  ...part,
});

describe('an override', () => {
  test.each(['', '  ', 'x'.repeat(501)])(
    'needs a reason of 1 to 500 characters: "%.10s"',
    (reason) => {
      expect(overridesFault([override(), override({ patient: 'Ben', reason })])).toMatch(
        /needs a reason.*Ben/,
      );
    },
  );

  test('of 500 characters is long enough', () => {
    expect(overridesFault([override({ reason: 'x'.repeat(500) })])).toBeUndefined();
  });

  test('names each patient once', () => {
    expect(overridesFault([override(), override({ patient: 'Ben' })])).toBeUndefined();
    expect(overridesFault([override(), override({ facility: null })])).toContain(
      'Anna is named twice',
    );
  });

  const anna: PlannedPatient = {
    patient: 'Anna',
    position: 7,
    facility: null,
    category: 'SK_II',
    diedAt: null,
  };
  const planned = (part: Partial<PlannedPatient> = {}) => new Map([['Anna', { ...anna, ...part }]]);

  test('sends a patient of the plan to another facility, in the category of this moment', () => {
    expect(judgeOverrides([override()], planned())).toEqual([
      {
        patient: 'Anna',
        position: 7,
        reason: 'her mother is there',
        to: { facility: 'near', category: 'SK_II' },
      },
    ]);
  });

  test('leaves a patient where they are', () => {
    expect(judgeOverrides([override({ facility: null })], planned())).toMatchObject([
      { position: 7, to: null },
    ]);
  });

  test('sends also a patient to whom the plan assigns no facility', () => {
    expect(judgeOverrides([override()], planned({ position: null }))).toMatchObject([
      { position: null, to: { facility: 'near' } },
    ]);
  });

  test.each<[string, object, Partial<PlannedPatient>, string]>([
    ['for a patient of another plan', { patient: 'Ben' }, {}, 'not in this plan'],
    ['for a dead patient', {}, { diedAt: new Date(0) }, 'has died'],
    ['for EX', {}, { category: 'EX' }, 'has died'],
    ['for SK IV', {}, { category: 'SK_IV' }, 'SK_IV'],
    ['for an uninjured person', {}, { category: 'UNINJURED' }, 'UNINJURED'],
    ['for a patient whom nobody triaged', {}, { category: 'UNTRIAGED' }, 'UNTRIAGED'],
    ['to the facility where the patient is', {}, { facility: 'near' }, 'is in this facility'],
    ['that leaves out nothing', { facility: null }, { position: null }, 'no facility in this plan'],
  ])('is not possible %s', (_, part, entry, words) => {
    expect(judgeOverrides([override(part)], planned(entry))).toMatchObject({
      __typename: 'OverrideNotPossible',
      message: expect.stringContaining(words),
    });
  });

  test('also leaves out patients who cannot be sent', () => {
    expect(
      judgeOverrides([override({ facility: null })], planned({ category: 'EX' })),
    ).toMatchObject([{ to: null }]);
  });

  test('sends the patient by road and alone, for as long as a proposal would estimate', () => {
    const parameters = { detourFactor: 1.3, roadKmPerHour: 60, airKmPerHour: 220, busFrom: 2 };
    const traveller = {
      ventilated: false,
      physicianEscort: false,
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

describe('the loss of a facility', () => {
  const then: PatientChange['then'] = {
    category: 'SK_I',
    needs: ['NEUROSURGERY', 'BURNS'],
    ventilated: false,
  };
  const patient = (part: Partial<PatientChange['now']> = {}, isMoving = false): PatientChange => ({
    then,
    now: {
      category: 'SK_I',
      needs: ['BURNS', 'NEUROSURGERY'],
      ventilated: false,
      ...NOTHING_ELSE,
      ...part,
    },
    isMoving,
  });
  const slot = (part: Partial<SlotState> = {}): SlotState => ({
    isReserved: true,
    refused: null,
    limitThen: 5,
    limitNow: 5,
    notSustainable: false,
    ...part,
  });
  const codeOf = (one: PatientChange, where: SlotState, from: string | null = null) =>
    lossOf(one, where, from)?.code;

  test('does not occur while the patient, the slot and the limit are unchanged', () => {
    expect(lossOf(patient(), slot(), null)).toBeUndefined();
    expect(
      lossOf(patient({ facility: 'origin', transportable: true }), slot(), 'origin'),
    ).toBeUndefined();
  });

  test('does not occur when the limit was lowered and a slot is reserved all the same', () => {
    expect(lossOf(patient(), slot({ limitNow: 1 }), null)).toBeUndefined();
  });

  test('names a change of the patient before a missing slot', () => {
    const none = slot({ isReserved: false });
    expect(codeOf(patient({ hasDied: true, isErased: true }, true), none)).toBe('DIED');
    expect(codeOf(patient({ category: 'EX' }), none)).toBe('DIED');
    expect(codeOf(patient({ category: 'SK_II' }, true), none)).toBe('ALREADY_MOVED');
    expect(codeOf(patient({ facility: 'some' }), none)).toBe('ALREADY_MOVED');
    expect(codeOf(patient(), none, 'the origin')).toBe('ALREADY_MOVED');
    expect(codeOf(patient({ isErased: true, category: 'SK_II' }), none)).toBe('ERASED');
    expect(codeOf(patient({ isErased: true }, true), none)).toBe('ALREADY_MOVED');
    expect(codeOf(patient({ category: 'SK_II', ventilated: true }), none)).toBe(
      'TRIAGED_OTHERWISE',
    );
    expect(codeOf(patient({ ventilated: true }), none)).toBe('NEEDS_CHANGED');
  });

  test.each<[Partial<PatientChange['now']>]>([
    [{ needs: ['BURNS'] }],
    [{ needs: [] }],
    [{ needs: ['BURNS', 'NEUROSURGERY', 'CHILD'] }],
    [{ needs: ['BURNS', 'CHILD'] }],
    [{ ventilated: true }],
  ])('names needs that differ from those the plan knew: %j', (part) => {
    expect(codeOf(patient(part), slot())).toBe('NEEDS_CHANGED');
  });

  test('does not occur where the plan did not record the needs', () => {
    const unknown = {
      ...patient({ ventilated: true, needs: [] }),
      then: { ...then, needs: null, ventilated: null },
    };
    expect(lossOf(unknown, slot(), null)).toBeUndefined();
  });

  test.each([
    ['SK_I', true, undefined],
    ['SK_I', null, 'NOT_TRANSPORTABLE'],
    ['SK_I', false, 'NOT_TRANSPORTABLE'],
    ['SK_II', null, undefined],
    ['SK_II', false, 'NOT_TRANSPORTABLE'],
    ['SK_III', false, 'NOT_TRANSPORTABLE'],
  ] as const)(
    'of a patient of %s in a facility who is transportable (%p) is %p',
    (category, transportable, code) => {
      const there = patient({ category, transportable, facility: 'full' });
      expect(codeOf({ ...there, then: { ...then, category } }, slot(), 'full')).toBe(code);
      // At a scene nobody states it.
      expect(
        codeOf({ ...patient({ category, transportable }), then: { ...then, category } }, slot()),
      ).toBeUndefined();
    },
  );

  test('names the refusal when capacity refused the whole request', () => {
    expect(
      lossOf(patient(), slot({ isReserved: false, refused: 'The key was used.' }), null),
    ).toEqual({
      code: 'RESERVATION_REFUSED',
      reason: expect.stringContaining('The key was used.'),
    });
  });

  test.each<[Partial<SlotState>, string, string]>([
    [{}, 'PLACE_TAKEN', 'All 5 slots'],
    [{ limitNow: 6 }, 'PLACE_TAKEN', 'All 6 slots'],
    [{ limitThen: null }, 'PLACE_TAKEN', 'All 5 slots'],
    [{ limitThen: null, limitNow: null }, 'PLACE_TAKEN', 'not known to accept'],
    [{ notSustainable: true, limitNow: 4 }, 'NOT_SUSTAINABLE', 'cannot sustain'],
    [{ limitNow: 4 }, 'LIMIT_LOWERED', 'accepted 5 SK_I in all'],
    [{ limitNow: null }, 'LIMIT_LOWERED', 'accepts none now'],
  ])('names the missing slot: %j', (part, code, words) => {
    expect(lossOf(patient(), slot({ isReserved: false, ...part }), null)).toEqual({
      code,
      reason: expect.stringContaining(words),
    });
  });
});

describe('the transfers of a plan', () => {
  const plan = { facilityId: null, area: '07339', approved: false, confirmedBy: 'dispatcher' };
  const ofFacility = { ...plan, facilityId: 'full' };

  test('from a scene request the destination at once', () => {
    expect(kindOf(plan)).toBe('PRIMARY');
    expect(pathOfPlan(plan)).toEqual(['REQUESTED', 'DESTINATION_REQUESTED']);
  });

  test('from a facility request it when the person who confirms may approve', () => {
    expect(kindOf(ofFacility)).toBe('CAPACITY');
    expect(pathOfPlan({ ...ofFacility, approved: true })).toEqual([
      'REQUESTED',
      'APPROVED',
      'DESTINATION_REQUESTED',
    ]);
  });

  test('from a facility wait for the approval otherwise', () => {
    expect(pathOfPlan(ofFacility)).toEqual(['REQUESTED']);
  });

  test('have their slots at once unless they wait for the approval', () => {
    const plans = [plan, ofFacility, { ...ofFacility, approved: true }];
    expect(plans.map(isReservedAtOnce)).toEqual([true, false, true]);
  });
});
