import { eachOnce } from '../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { facilitiesIn } from '../testing/facilities.js';
import {
  fuel,
  LIFELINE,
  listLifelines,
  report,
  reportAll,
  reportRaw,
} from '../testing/lifelines.js';
import {
  staffOf,
  CLOCK_MS,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
/** A facility in Cologne that no other test has reported for. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05', 200);
});
afterAll(() => world.close());

const areaOf = async (facility: string) =>
  (await world.pool.query('SELECT area FROM facility WHERE id = $1', [facility])).rows[0].area;

/** The lifelines of a facility as the owner of the entity would have them resolved. */
async function read(facility: string, who?: TestIdentity, kind?: string) {
  const { data, errors } = await world.request(
    `query ($facilities: [_Any!]!, $kind: LifelineKind) { _entities(representations: $facilities) {
      ... on Facility { lifelines(kind: $kind) { ${LIFELINE} } minHoursRemaining } } }`,
    { facilities: [{ __typename: 'Facility', id: facility }], kind },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data._entities[0];
}

const events = async (lifeline: string) =>
  (await world.eventsOf({ entity: lifeline })).map(({ topic, tags }) => [
    topic.replace('supply.lifeline-', ''),
    ...tags.filter((tag) => tag.startsWith('passed:')),
  ]);

describe('a report', () => {
  test('shows what is there, for how long, and where that comes from', async () => {
    const facility = newFacility();
    const delivery = { at: world.inMinutes(600), quantity: 2_000 };
    const reported = await report(world, fuel(world, facility, { nextDelivery: delivery }));
    expect(reported).toEqual({
      __typename: 'Lifeline',
      id: expect.any(String),
      facility: { id: facility },
      kind: 'GENERATOR_FUEL',
      unit: 'LITRE',
      stock: 10_000,
      load: 100,
      loadMethod: 'REPORTED',
      supplied: false,
      enduranceHours: 100,
      hoursRemaining: 120,
      failsAt: world.inMinutes(120 * 60),
      status: 'SUFFICIENT',
      limitsBeds: true,
      ageMinutes: 0,
      nextDelivery: delivery,
      provenance: {
        source: 'test',
        method: 'REPORTED',
        observedAt: world.inMinutes(0),
        receivedAt: world.inMinutes(0),
      },
    });
    const { __typename, ...shown } = reported;
    expect(await read(facility)).toEqual({ lifelines: [shown], minHoursRemaining: 120 });
    expect(await events(reported.id)).toEqual([['changed']]);
  });

  test('observed earlier than the one in force is kept and overwrites nothing', async () => {
    const facility = newFacility();
    await report(world, fuel(world, facility));
    const late = fuel(world, facility, {
      stock: 1,
      observedAt: world.inMinutes(-10),
      source: 'another',
    });
    expect((await report(world, late)).lifeline).toMatchObject({ stock: 10_000 });
    const { rowCount } = await world.pool.query(
      'SELECT FROM lifeline_report WHERE facility_id = $1',
      [facility],
    );
    expect(rowCount).toBe(2);
  });

  test('that is repeated changes nothing, and one that says otherwise for the same instant is refused', async () => {
    const facility = newFacility();
    const first = fuel(world, facility);
    const { id } = await report(world, first);
    expect(await report(world, first)).toMatchObject({ id, stock: 10_000 });
    expect(await report(world, { ...first, stock: 5 })).toMatchObject({
      __typename: 'ConflictingLifelineReport',
    });
    expect(await events(id)).toHaveLength(1);
  });

  test('that is modelled never replaces what the facility says itself, nor limits beds', async () => {
    const facility = newFacility();
    const modelled = { method: 'MODELLED', stock: 5 };
    expect(await report(world, fuel(world, facility, modelled))).toMatchObject({
      stock: 5,
      limitsBeds: false,
    });
    world.later(1);
    expect(await report(world, fuel(world, facility))).toMatchObject({ stock: 10_000 });
    world.later(1);
    const again = fuel(world, facility, modelled);
    expect((await report(world, again)).lifeline).toMatchObject({
      limitsBeds: true,
      hoursRemaining: expect.closeTo(100, 1),
    });
  });

  test.each<[string, object, object]>([
    ['a negative stock', { stock: -1 }, { __typename: 'ImplausibleLevel', field: 'stock' }],
    [
      'another unit',
      { unit: 'CUBIC_METRE' },
      { __typename: 'WrongLifelineUnit', expected: 'LITRE' },
    ],
    ['litres of oxygen', { kind: 'LIQUID_OXYGEN' }, { message: expect.stringContaining('0.853') }],
    ['no unit', { unit: null }, { __typename: 'InvalidLifelineReport', missing: 'unit' }],
    ['no source', { source: ' ' }, { __typename: 'InvalidLifelineReport', missing: 'source' }],
    [
      'no facility',
      { facility: UNKNOWN_ID },
      { __typename: 'UnknownFacility', facilityId: UNKNOWN_ID },
    ],
  ])('with %s is refused, and nothing is stored', async (_, changes, refusal) => {
    const before = await world.eventCount();
    expect(await report(world, fuel(world, newFacility(), changes))).toMatchObject(refusal);
    expect(await world.eventCount()).toBe(before);
  });

  test('from the future is refused', async () => {
    const observedAt = world.inMinutes(6);
    expect(await report(world, fuel(world, newFacility(), { observedAt }))).toMatchObject({
      __typename: 'LifelineTimeOutOfRange',
      instant: 'observedAt',
      latest: world.inMinutes(5),
    });
  });

  test('in bulk is judged by itself: a refused one leaves the others unharmed', async () => {
    const [a, b, c] = [newFacility(), newFacility(), newFacility()];
    const foreign = newFacility();
    const reports = [
      fuel(world, a),
      fuel(world, b, { stock: -1 }),
      fuel(world, foreign),
      fuel(world, c, { kind: 'WATER', unit: 'CUBIC_METRE' }),
    ];
    const who = { role: 'hospital', facilities: [a, b, c] };
    const { data, errors } = await reportAll(world, reports, who);
    expect(data.reportLifelines.outcomes.map((one: any) => one?.__typename)).toEqual([
      'Lifeline',
      'ImplausibleLevel',
      undefined,
      'Lifeline',
    ]);
    expect(errors).toMatchObject([
      { path: ['reportLifelines', 'outcomes', 2], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await read(foreign)).lifelines).toEqual([]);
  });

  test('more than 1,000 are refused whole', async () => {
    const reports = Array.from({ length: 1_001 }, () => fuel(world, facilities[0]!));
    const { errors } = await reportAll(world, reports);
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MUCH' } }]);
  });

  test('twenty at once of one lifeline: the one observed last is in force', async () => {
    const facility = newFacility();
    const reports = Array.from({ length: 20 }, (_, n) =>
      fuel(world, facility, { stock: 1_000 + n, observedAt: world.inMinutes(-n) }),
    );
    await Promise.all(reports.map((one) => report(world, one)));
    expect((await read(facility)).lifelines).toMatchObject([{ stock: 1_000 }]);
  });
});

describe('the grid', () => {
  const mains = (facility: string, supplied: boolean, changes: object = {}) => ({
    facility,
    kind: 'MAINS_POWER',
    supplied,
    source: 'test',
    observedAt: world.inMinutes(0),
    ...changes,
  });

  test('that is on leaves the generators standing; from its failure on their fuel falls', async () => {
    const facility = newFacility();
    await report(world, mains(facility, true));
    world.later(1);
    const standing = await report(world, fuel(world, facility));
    expect(standing).toMatchObject({ supplied: true, hoursRemaining: null, enduranceHours: 100 });
    world.later(60);
    await report(world, mains(facility, false));
    const fuelled = async () => (await read(facility, undefined, 'GENERATOR_FUEL')).lifelines[0];
    expect(await fuelled()).toMatchObject({ supplied: false, hoursRemaining: 100, stock: 10_000 });
    world.later(600);
    expect(await fuelled()).toMatchObject({ hoursRemaining: 90, stock: 9_000 });
    await report(world, mains(facility, true));
    world.later(600);
    expect(await fuelled()).toMatchObject({ hoursRemaining: null, stock: 9_000 });
  });

  test('that fails is no hour of failure: the fuel of the generators is', async () => {
    const facility = newFacility();
    expect(await report(world, mains(facility, false))).toMatchObject({
      status: 'FAILED',
      hoursRemaining: null,
    });
    expect(await read(facility)).toMatchObject({ minHoursRemaining: null });
  });
});

describe('the hour of failure', () => {
  test('moves when 2,000 l are delivered', async () => {
    const facility = newFacility();
    const { id } = await report(world, fuel(world, facility, { stock: 500 }));
    expect(await read(facility)).toMatchObject({ minHoursRemaining: 5 });
    world.later(60);
    await report(world, fuel(world, facility, { stock: 2_400 }));
    expect(await read(facility)).toMatchObject({ minHoursRemaining: 24 });
    expect(await events(id)).toEqual([
      ['threshold-passed', 'passed:24', 'passed:12', 'passed:6'],
      ['changed'],
    ]);
  });

  test('passes each threshold once per fall, by the clock alone', async () => {
    const facility = newFacility();
    const { id } = await report(world, fuel(world, facility, { stock: 2_500 }));
    const watch = await world.watch(
      `subscription ($facility: ID, $after: String) { lifelineChanged(facility: $facility, below: 24, after: $after) {
        lifeline { hoursRemaining status } } }`,
      { facility, after: await world.cursor() },
    );
    for (const minutes of [59, 1, 0, 12 * 60, 6 * 60, 4 * 60, 2 * 60, 600]) {
      world.later(minutes);
      await Promise.all([world.elapse(CLOCK_MS), world.elapse(CLOCK_MS)]);
    }
    expect(await events(id)).toEqual([
      ['changed'],
      ...['24', '12', '6', '2', '0'].map((hours) => ['threshold-passed', `passed:${hours}`]),
    ]);
    const { value } = await watch.next();
    expect(value!.data!['lifelineChanged'].lifeline.status).toEqual(expect.any(String));
    await watch.return!();
  });

  test('a delivery that is an hour late is not counted any more', async () => {
    const facility = newFacility();
    const nextDelivery = { at: world.inMinutes(60), quantity: 10_000 };
    await report(world, fuel(world, facility, { stock: 1_000, nextDelivery }));
    expect(await read(facility)).toMatchObject({ minHoursRemaining: 110 });
    world.later(120);
    await world.elapse(CLOCK_MS);
    const [lifeline] = (await read(facility)).lifelines;
    expect(lifeline).toMatchObject({ hoursRemaining: 8, nextDelivery: null });
  });
});

describe('the right', () => {
  let [facility, area] = ['', ''];
  beforeAll(async () => {
    facility = newFacility();
    area = await areaOf(facility);
    await report(world, fuel(world, facility));
  });

  test.each<[string, () => TestIdentity]>([
    ['the facility', () => staffOf(facility)],
    ['a service whose token names it', () => ({ role: 'service', facilities: [facility] })],
    ['crisis staff of its area', () => ({ role: 'crisis-staff', areas: [area] })],
  ])('to report and to see is with %s', async (_, who) => {
    world.later(1);
    expect(await report(world, fuel(world, facility), who())).toMatchObject({ stock: 10_000 });
    expect((await read(facility, who())).lifelines).toHaveLength(1);
    expect((await listLifelines(world, { area }, who())).nodes).not.toEqual([]);
  });

  test.each<[string, () => TestIdentity]>([
    ['another facility', () => staffOf(UNKNOWN_ID)],
    ['a service of the whole area that does not name it', () => ({ role: 'service', areas: [''] })],
    ['crisis staff of another area', () => ({ role: 'crisis-staff', areas: ['09'] })],
    ['its control room', () => ({ role: 'dispatch', areas: [area] })],
    ['its health office', () => ({ role: 'health-office', areas: [area] })],
    ['a supplier', () => ({ role: 'supplier', areas: [''] })],
  ])('to report is not with %s', async (_, who) => {
    const before = await world.eventCount();
    const { errors } = await reportRaw(world, fuel(world, facility), who());
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await world.eventCount()).toBe(before);
  });

  test.each<[string, () => TestIdentity]>([
    ['another facility', () => staffOf(UNKNOWN_ID)],
    ['a hospital with the area in its token', () => ({ ...staffOf(UNKNOWN_ID), areas: [''] })],
    ['a service of all of Germany', () => ({ role: 'service', areas: [''] })],
    ['the control room of another area', () => ({ role: 'dispatch', areas: ['09'] })],
  ])('to see is not with %s, for whom it does not exist', async (_, who) => {
    expect(await read(facility, who())).toEqual({ lifelines: [], minHoursRemaining: null });
    const seen = (await listLifelines(world, { area }, who())).nodes.map(
      (one: any) => one.facility.id,
    );
    expect(seen).not.toContain(facility);
  });

  test('a role that sees no lifelines reads null', async () => {
    const who = { role: 'supplier', areas: [''] };
    expect(await read(facility, who)).toEqual({ lifelines: null, minHoursRemaining: null });
  });

  test('a watcher of another area gets nothing of it', async () => {
    const { supplyCursor: after } = (await world.request('{ supplyCursor }')).data;
    const watchAs = (who: TestIdentity) =>
      world.watch(
        'subscription ($after: String) { lifelineChanged(after: $after) { lifeline { facility { id } } } }',
        { after },
        who,
      );
    const [elsewhere, there] = await Promise.all([
      watchAs({ role: 'dispatch', areas: ['09'] }),
      watchAs({ role: 'dispatch', areas: [area] }),
    ]);
    const [munich] = await facilitiesIn(world, '09162', 1);
    world.later(1);
    await report(world, fuel(world, facility));
    await report(world, fuel(world, munich!));
    const firstOf = async (watch: typeof there) =>
      (await watch.next()).value!.data!['lifelineChanged'].lifeline.facility.id;
    expect(await firstOf(there)).toBe(facility);
    expect(await firstOf(elsewhere)).toBe(munich);
    await Promise.all([elsewhere.return!(), there.return!()]);
  });
});
