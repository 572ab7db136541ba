import { eachOnce } from '../../../shared/testing/each-once.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import {
  activate,
  declare,
  declareCapabilities,
  declaration,
  declareRaw,
  endPlan,
  intakeOf,
} from '../testing/intakes.js';
import { facilitiesOf } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
/** A facility no other test has declared anything for. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  const { data } = await world.request(
    '{ facilities(filter: { area: "05", kinds: [HOSPITAL] }, first: 200) { nodes { id } } }',
  );
  facilities = data.facilities.nodes.map(({ id }: { id: string }) => id);
});
afterAll(() => world.close());

const hoursFromNow = (count: number) => new Date(world.clock.now.getTime() + count * HOUR_MS);

/** Given slots, straight into the table: what reservations do to it is theirs to show. */
async function given(facility: string, changes: object = {}) {
  const item = {
    intake: 'SK_I',
    count: 1,
    expires_at: hoursFromNow(1),
    redeemed_at: null,
    released_at: null,
    ...changes,
  };
  await world.pool.query(
    `WITH r AS (INSERT INTO reservation (kind, created_at, created_by) VALUES ('PRIMARY', $1, 'test') RETURNING id)
     INSERT INTO reservation_item (reservation_id, position, facility_id, intake, requested, count, expires_at, redeemed_at, released_at)
     SELECT r.id, 0, $2, $3::"TriageCategory", $4, $4, $5, $6, $7 FROM r`,
    [
      world.clock.now,
      facility,
      item.intake,
      item.count,
      item.expires_at,
      item.redeemed_at,
      item.released_at,
    ],
  );
}

test('a facility takes what it declares, with its source, method, assumption and validity', async () => {
  const facility = newFacility();
  const outcome = await declare(
    world,
    declaration(world, facility, { assumption: 'two theatres' }),
  );
  expect(outcome).toMatchObject({ __typename: 'Facility', id: facility });
  expect(outcome.intake).toEqual([
    {
      category: 'SK_I',
      immediate: 3,
      afterAlarmPlan: 4,
      perHour: 2,
      limit: 3,
      reserved: 0,
      free: 3,
      method: 'REPORTED',
      source: 'duty manager',
      assumption: 'two theatres',
      until: hoursFromNow(30 * 24).toISOString(),
    },
  ]);
});

test('a facility that declared nothing and has no trauma level takes nobody that is known of', async () => {
  expect(await intakeOf(world, newFacility())).toEqual([]);
});

test('a facility with a trauma level takes the planning number, marked MODELLED with its assumption', async () => {
  const facility = newFacility();
  await declareCapabilities(world, { facility, traumaLevel: 'LOCAL' });
  const intakes = await intakeOf(world, facility);
  expect(intakes).toMatchObject([
    { category: 'SK_I', immediate: 1, afterAlarmPlan: 2, method: 'MODELLED', until: null },
    { category: 'SK_II', immediate: 2, afterAlarmPlan: 5 },
    { category: 'SK_III', immediate: 7, afterAlarmPlan: 13 },
  ]);
  expect(intakes[0].assumption).toContain('10 at once and 20 more');
});

test('a facility takes fewer by night, and planning can query a future hour', async () => {
  const facility = newFacility();
  await declare(
    world,
    declaration(world, facility, {
      numbers: [
        { category: 'SK_I', immediate: 4 },
        { category: 'SK_I', immediate: 1, from: '20:00', until: '06:00', weekdays: ['SATURDAY'] },
      ],
    }),
  );
  const at = async (instant: string) =>
    (await intakeOf(world, facility, new Date(instant)))[0].immediate;
  expect(await at('2026-01-17T18:59:00.000Z')).toBe(4);
  expect(await at('2026-01-17T19:00:00.000Z')).toBe(1);
  expect(await at('2026-01-18T04:59:00.000Z')).toBe(1);
  expect(await at('2026-01-18T05:00:00.000Z')).toBe(4);
});

test('numbers hold exactly as long as they are declared for, then the ones before hold again', async () => {
  const facility = newFacility();
  await declare(world, declaration(world, facility));
  world.later(1);
  const validity = { from: hoursFromNow(2), until: hoursFromNow(4) };
  const numbers = [{ category: 'SK_I', immediate: 9 }];
  await declare(world, declaration(world, facility, { ...validity, numbers }));
  const at = async (hours: number) =>
    (await intakeOf(world, facility, hoursFromNow(hours)))[0].immediate;
  expect([await at(1.999), await at(2), await at(3.999), await at(4)]).toEqual([3, 9, 9, 3]);
});

test('the newest declaration of a category counts, and no model outranks the facility’s own', async () => {
  const facility = newFacility();
  const stated = (immediate: number, method: string) =>
    declaration(world, facility, {
      method,
      assumption: 'a model',
      numbers: [{ category: 'SK_I', immediate }],
    });
  await declare(world, stated(5, 'MODELLED'));
  world.later(1);
  expect((await declare(world, stated(6, 'REPORTED'))).intake).toMatchObject([{ immediate: 6 }]);
  world.later(1);
  expect((await declare(world, stated(7, 'MODELLED'))).intake).toMatchObject([{ immediate: 6 }]);
  world.later(1);
  expect((await declare(world, stated(8, 'ESTIMATED'))).intake).toMatchObject([
    { immediate: 8, method: 'ESTIMATED' },
  ]);
});

describe('slots are reserved', () => {
  test('by what is given, exactly until its time runs out', async () => {
    const facility = newFacility();
    await declare(world, declaration(world, facility));
    await given(facility, { count: 2 });
    await given(facility, { released_at: world.clock.now });
    expect(await intakeOf(world, facility)).toMatchObject([{ limit: 3, reserved: 2, free: 1 }]);
    world.later(60);
    expect(await intakeOf(world, facility)).toMatchObject([{ reserved: 0, free: 3 }]);
  });

  test('by who arrived, until the facility declares again, and for a day at most', async () => {
    const facility = newFacility();
    await declare(world, declaration(world, facility));
    world.later(1);
    await given(facility, { redeemed_at: world.clock.now });
    expect(await intakeOf(world, facility)).toMatchObject([{ reserved: 1, free: 2 }]);
    expect(await intakeOf(world, facility, hoursFromNow(24))).toMatchObject([{ reserved: 0 }]);
    world.later(1);
    expect((await declare(world, declaration(world, facility))).intake).toMatchObject([
      { reserved: 0, free: 3 },
    ]);
  });

  test('beyond a limit that shrank, and then nothing is free', async () => {
    const facility = newFacility();
    await declare(world, declaration(world, facility));
    await given(facility, { count: 3 });
    const numbers = [{ category: 'SK_I', immediate: 1 }];
    world.later(1);
    expect((await declare(world, declaration(world, facility, { numbers }))).intake).toMatchObject([
      { limit: 1, reserved: 3, free: 0 },
    ]);
  });
});

test('the alarm plan opens what was declared for it, and more with every full hour', async () => {
  const facility = newFacility();
  await declare(world, declaration(world, facility));
  const { alarmPlan, intake } = await activate(world, { facility });
  expect(intake).toMatchObject([{ category: 'SK_I', limit: 7 }]);
  world.later(59);
  expect(await intakeOf(world, facility)).toMatchObject([{ limit: 7 }]);
  world.later(1);
  expect(await intakeOf(world, facility)).toMatchObject([{ limit: 9 }]);
  expect(await intakeOf(world, facility, hoursFromNow(22.999))).toMatchObject([
    { limit: 7 + 23 * 2 },
  ]);
  expect(await intakeOf(world, facility, hoursFromNow(23))).toMatchObject([{ limit: 3 }]); // it has ended
  await endPlan(world, alarmPlan.id);
  expect(await intakeOf(world, facility)).toMatchObject([{ limit: 3 }]);
});

test('a declaration reaches who watches, with its categories, and a refused one nobody', async () => {
  const facility = newFacility();
  const before = await world.eventsOf({ topic: 'capacity.intake-declared' });
  await declare(world, declaration(world, facility, { numbers: [] }));
  expect(await world.eventsOf({ topic: 'capacity.intake-declared' })).toHaveLength(before.length);
  const after = await world.cursor();
  const numbers = [
    { category: 'SK_II', immediate: 2 },
    { category: 'SK_I', immediate: 2 },
    { category: 'SK_I', immediate: 1, from: '20:00', until: '06:00' },
  ];
  await declare(world, declaration(world, facility, { numbers }));
  const watch = await world.watch(
    `subscription ($facility: ID!, $after: String!) {
      capacityChanged(facility: $facility, after: $after) { facility { intake { category immediate } } } }`,
    { facility, after },
  );
  const { value } = await watch.next();
  expect(value!.data!['capacityChanged'].facility.intake).toMatchObject([
    { category: 'SK_I', immediate: 2 },
    { category: 'SK_II', immediate: 2 },
  ]);
  await watch.return!();
  const last = (await world.eventsOf({ topic: 'capacity.intake-declared' })).at(-1);
  expect(last).toMatchObject({ entity: facility, tags: ['intake:SK_II', 'intake:SK_I'] });
});

describe('is refused, with what to do', () => {
  const refusals: [string, object, object][] = [
    ['an unknown facility', { facility: 'nobody' }, { __typename: 'UnknownFacility' }],
    ['no source', { source: '' }, { __typename: 'InvalidIntake', field: 'source', missing: null }],
    [
      'a model without an assumption',
      { method: 'MODELLED' },
      { __typename: 'InvalidIntake', field: 'assumption' },
    ],
    ['no number', { numbers: [] }, { __typename: 'InvalidIntake', field: 'numbers' }],
    [
      'hours without a number',
      { numbers: [{ category: 'SK_I', immediate: 1, from: '08:00', until: '20:00' }] },
      { __typename: 'InvalidIntake', field: 'numbers', missing: 'SK_I' },
    ],
    [
      'a number that no facility can take',
      { numbers: [{ category: 'SK_I', immediate: 1_001 }] },
      {
        __typename: 'ImplausibleCount',
        field: 'numbers[0].immediate',
        value: 1_001,
        maximum: 1_000,
      },
    ],
    [
      'the dead',
      { numbers: [{ category: 'EX', immediate: 1 }] },
      { __typename: 'CategoryNotTaken', category: 'EX', facilityKind: 'HOSPITAL' },
    ],
    [
      'two numbers for one hour',
      {
        numbers: [
          { category: 'SK_I', immediate: 1 },
          { category: 'SK_I', immediate: 2 },
        ],
      },
      { __typename: 'InvalidIntakeWindows', category: 'SK_I', first: 0, second: 1 },
    ],
    [
      'what has ended already',
      { until: '2020-01-01T00:00:00.000Z' },
      { __typename: 'ValidityOutOfRange', field: 'until' },
    ],
  ];
  test.each(refusals)('%s', async (_, changes, refusal) => {
    const facility = newFacility();
    const outcome = await declare(world, declaration(world, facility, changes));
    expect(outcome).toMatchObject({ ...refusal, message: expect.any(String) });
    expect(await intakeOf(world, facility)).toEqual([]);
  });

  test('shock-room patients at a practice, which takes SK III', async () => {
    const facility = newFacility();
    await world.pool.query(`UPDATE facility SET kind = 'EMERGENCY_PRACTICE' WHERE id = $1`, [
      facility,
    ]);
    expect(await declare(world, declaration(world, facility))).toMatchObject({
      __typename: 'CategoryNotTaken',
      facilityKind: 'EMERGENCY_PRACTICE',
      allowed: ['SK_III', 'UNINJURED'],
    });
    const numbers = [{ category: 'SK_III', immediate: 20 }];
    expect(await declare(world, declaration(world, facility, { numbers }))).toMatchObject({
      __typename: 'Facility',
    });
  });

  test('a key that was used for something else; the same call again changes nothing', async () => {
    const facility = newFacility();
    const input = declaration(world, facility);
    await declare(world, input);
    const before = (await world.eventsOf({ topic: 'capacity.intake-declared' })).length;
    expect(await declare(world, input)).toMatchObject({ __typename: 'Facility', id: facility });
    expect(await declare(world, { ...input, source: 'another' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      used: 'declareIntake',
    });
    expect(await world.eventsOf({ topic: 'capacity.intake-declared' })).toHaveLength(before);
    const { rows } = await world.pool.query(
      'SELECT FROM intake_declaration WHERE facility_id = $1',
      [facility],
    );
    expect(rows).toHaveLength(1);
  });
});

describe('a fault of the caller is returned', () => {
  test.each([
    [
      'a time that is none',
      { numbers: [{ category: 'SK_I', immediate: 1, from: '8', until: '20:00' }] },
      'BAD_USER_INPUT',
    ],
    [
      'more numbers than a week has shifts',
      { numbers: Array.from({ length: 101 }, () => ({ category: 'SK_I', immediate: 1 })) },
      'TOO_MUCH',
    ],
    ['a key that is none', { idempotencyKey: ' ' }, 'BAD_USER_INPUT'],
  ])('%s', async (_, changes, code) => {
    const { errors } = await declareRaw(world, declaration(world, newFacility(), changes));
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  test('an instant in the past, of which nothing is kept', async () => {
    const { errors } = await world.request(
      'query ($id: ID!, $at: DateTime!) { facility(id: $id) { intake(at: $at) { limit } } }',
      { id: newFacility(), at: hoursFromNow(-1) },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('who may declare', () => {
  test.each([
    [
      'the facility itself',
      (facility: string) => ({ role: 'hospital', facilities: [facility] }),
      true,
    ],
    [
      'another facility',
      () => ({ role: 'hospital', facilities: ['00000000-0000-0000-0000-000000000000'] }),
      false,
    ],
    ['an authority of its Land', () => ({ role: 'health-office', areas: ['05'] }), true],
    ['an authority of another Land', () => ({ role: 'dispatch', areas: ['09'] }), false],
    ['a role that only reads', () => ({ role: 'chamber', areas: [''] }), false],
  ])('%s', async (_, who, may) => {
    const facility = newFacility();
    const { data, errors } = await declareRaw(world, declaration(world, facility), who(facility));
    if (may) expect(data.declareIntake).toMatchObject({ __typename: 'Facility' });
    else expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('many facilities are read in few statements', async () => {
  const some = await facilitiesOf(world, '', 500);
  const { data } = await world.request(
    '{ facilities(first: 500) { nodes { id intake { limit } } } }',
  );
  expect(data.facilities.nodes).toHaveLength(some.length);
});
