import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { bedsOf, facilitiesOf, report, send, sendAll, sendRaw } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
let next = 0;
/** A facility no other test has reported for. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '', 500);
});
afterAll(() => world.close());

/** All but those by which the subgraph's own timer publishes meanwhile that other facilities have become stale. */
const countEvents = async (facility: string) =>
  (
    await world.pool.query(
      `SELECT FROM outbox_event WHERE entity = $1 OR topic <> 'capacity.beds-went-stale'`,
      [facility],
    )
  ).rowCount!;

test('a report becomes the facility’s numbers, with its provenance and the time it is relied on', async () => {
  const facility = newFacility();
  const outcome = await send(
    world,
    report(world, facility, { blocked: 1, limitations: ['STAFF', 'CONSUMABLES'] }),
  );
  expect(outcome).toMatchObject({ __typename: 'Facility', id: facility });
  expect(outcome.beds).toEqual([
    {
      category: 'ICU_UNSPECIFIED',
      operable: 10,
      occupied: 4,
      blocked: 1,
      reserved: 0,
      held: 0,
      free: 5,
      overcommitted: 0,
      status: 'AVAILABLE',
      limitations: ['STAFF', 'CONSUMABLES'],
      staleAt: '2026-01-16T09:00:00.000Z',
      stale: false,
      provenance: {
        source: 'ward system',
        method: 'REPORTED',
        observedAt: '2026-01-15T09:00:00.000Z',
        receivedAt: '2026-01-15T09:00:00.000Z',
        late: false,
      },
    },
  ]);
});

test('a category that was never reported is NOT_REPORTED with null counts, never 0', async () => {
  expect(await bedsOf(world, newFacility(), 'BURN')).toEqual({
    category: 'BURN',
    operable: null,
    occupied: null,
    blocked: null,
    free: null,
    overcommitted: null,
    status: 'NOT_REPORTED',
    limitations: [],
    staleAt: null,
    stale: true,
    provenance: null,
  });
});

test('a report without numbers is kept as such: status known, counts null', async () => {
  const facility = newFacility();
  await send(world, report(world, facility, { operable: null, occupied: null, status: 'LIMITED' }));
  expect(await bedsOf(world, facility)).toMatchObject({
    status: 'LIMITED',
    operable: null,
    free: null,
    overcommitted: null,
  });
});

test('more patients than operable beds are stored and flagged', async () => {
  const facility = newFacility();
  await send(world, report(world, facility, { operable: 4, occupied: 9, blocked: 1 }));
  expect(await bedsOf(world, facility)).toMatchObject({
    free: 0,
    overcommitted: 6,
    status: 'UNAVAILABLE',
  });
});

test('repeating a report changes nothing and sends no event', async () => {
  const facility = newFacility();
  const first = report(world, facility);
  await send(world, first);
  const before = await countEvents(facility);
  expect(await send(world, first)).toMatchObject({ __typename: 'Facility' });
  expect(await countEvents(facility)).toBe(before);
  const { rows } = await world.pool.query('SELECT FROM bed_report WHERE facility_id = $1', [
    facility,
  ]);
  expect(rows).toHaveLength(1);
});

test('the same source with other numbers for the same instant is refused, and the first report stands', async () => {
  const facility = newFacility();
  await send(world, report(world, facility));
  expect(await send(world, report(world, facility, { occupied: 5 }))).toMatchObject({
    __typename: 'ConflictingReport',
  });
  expect(await bedsOf(world, facility)).toMatchObject({ occupied: 4 });
});

test('the emergency reserve is shown as its source reported it and is never free', async () => {
  const reserve = async (changes: object) => {
    const input = report(world, facility, { category: 'ICU_LOW_CARE', ...changes });
    const { data } = await world.request(
      `mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename
        ... on ImplausibleCount { field } ... on ConflictingReport { message }
        ... on Facility { beds(category: ICU_LOW_CARE) { operable free emergencyReserve sources { emergencyReserve } } } } }`,
      { input },
    );
    return data.reportCapacity;
  };
  const facility = newFacility();
  const beds = { operable: 10, free: 6, emergencyReserve: 5, sources: [{ emergencyReserve: 5 }] };
  expect(await reserve({ emergencyReserve: 5 })).toMatchObject({ beds: [beds] });
  expect(await reserve({ emergencyReserve: 6 })).toMatchObject({ __typename: 'ConflictingReport' });
  expect(await reserve({ emergencyReserve: -1 })).toMatchObject({ field: 'emergencyReserve' });
  const later = world.inMinutes(1);
  expect((await reserve({ observedAt: later })).beds[0].emergencyReserve).toBeNull();
});

test('an older report joins the history and overwrites nothing', async () => {
  const facility = newFacility();
  await send(world, report(world, facility));
  const earlier = world.inMinutes(-1);
  const before = await countEvents(facility);
  expect(
    await send(world, report(world, facility, { occupied: 9, observedAt: earlier })),
  ).toMatchObject({ __typename: 'Facility' });
  expect(await bedsOf(world, facility)).toMatchObject({ occupied: 4 });
  expect(await countEvents(facility)).toBe(before);
  const { rows } = await world.pool.query('SELECT FROM bed_report WHERE facility_id = $1', [
    facility,
  ]);
  expect(rows).toHaveLength(2);
});

test('a facility’s own fresh report outranks a newer modelled one, and a stale one gives way to it', async () => {
  const facility = newFacility();
  await send(world, report(world, facility));
  world.later(60);
  const before = await countEvents(facility);
  await send(
    world,
    report(world, facility, { occupied: 9, method: 'MODELLED', source: 'register' }),
  );
  expect(await bedsOf(world, facility)).toMatchObject({
    occupied: 4,
    provenance: { method: 'REPORTED' },
  });
  expect(await countEvents(facility)).toBe(before);

  world.later(23 * 60);
  expect(await bedsOf(world, facility)).toMatchObject({
    occupied: 9,
    stale: false,
    provenance: { method: 'MODELLED' },
  });
});

test('a facility’s own report replaces a newer modelled one at once', async () => {
  const facility = newFacility();
  await send(
    world,
    report(world, facility, { occupied: 9, method: 'MODELLED', source: 'register' }),
  );
  const earlier = world.inMinutes(-1);
  await send(world, report(world, facility, { observedAt: earlier }));
  expect(await bedsOf(world, facility)).toMatchObject({
    occupied: 4,
    provenance: { method: 'REPORTED' },
  });
});

test('a number goes stale exactly when its time has come, and still stands there, marked', async () => {
  const facility = newFacility();
  await send(world, report(world, facility));
  world.later(DAY_MINUTES - 1);
  expect(await bedsOf(world, facility)).toMatchObject({ stale: false });
  world.later(1);
  expect(await bedsOf(world, facility)).toMatchObject({ stale: true, operable: 10, free: 6 });
});

test('the first intensive-care report of a day that comes after noon is marked late, a second is not', async () => {
  const facility = newFacility();
  world.clock.now = new Date('2026-02-01T11:30:00.000Z'); // 12:30 in Berlin
  expect((await send(world, report(world, facility))).beds[0].provenance.late).toBe(true);
  world.later(1);
  expect((await send(world, report(world, facility))).beds[0].provenance.late).toBe(false);
  world.later(DAY_MINUTES);
  expect((await send(world, report(world, facility))).beds[0].provenance.late).toBe(true);
});

describe('in a bulk', () => {
  test('each report is judged by itself: the refused leave the others unharmed', async () => {
    const [a, b] = [newFacility(), newFacility()];
    const future = world.inMinutes(6);
    const { data, errors } = await sendAll(world, [
      report(world, a),
      report(world, '00000000-0000-0000-0000-000000000000'),
      report(world, 'not an id'),
      report(world, b, { operable: -3 }),
      report(world, b, { observedAt: future }),
      report(world, b),
    ]);
    expect(errors).toBeUndefined();
    expect(
      data.reportCapacities.outcomes.map((outcome: { __typename: string }) => outcome.__typename),
    ).toEqual([
      'Facility',
      'UnknownFacility',
      'UnknownFacility',
      'ImplausibleCount',
      'ObservedOutOfRange',
      'Facility',
    ]);
    expect(await bedsOf(world, a)).toMatchObject({ free: 6 });
    expect(await bedsOf(world, b)).toMatchObject({ free: 6 });
  });

  test('one without the right is null with FORBIDDEN at its position', async () => {
    const [own, other] = [newFacility(), newFacility()];
    const { data, errors } = await sendAll(world, [report(world, other), report(world, own)], {
      role: 'hospital',
      facilities: [own],
    });
    expect(data.reportCapacities.outcomes).toMatchObject([
      null,
      { __typename: 'Facility', id: own },
    ]);
    expect(errors).toMatchObject([
      { path: ['reportCapacities', 'outcomes', 0], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await bedsOf(world, other)).toMatchObject({ status: 'NOT_REPORTED' });
  });

  test('the newest of several reports for the same beds counts, and one event names them', async () => {
    const facility = newFacility();
    const earlier = new Date(world.clock.now.getTime() - 1000).toISOString();
    const before = await countEvents(facility);
    await sendAll(world, [
      report(world, facility),
      report(world, facility, { occupied: 1, observedAt: earlier }),
      report(world, facility, { category: 'NORMAL_WARD', operable: 90, occupied: 80 }),
    ]);
    expect(await bedsOf(world, facility)).toMatchObject({ occupied: 4 });
    expect(await countEvents(facility)).toBe(before + 1);
  });

  test('the same report twice counts once; twice with other numbers, the first counts and the second is refused', async () => {
    const facility = newFacility();
    const { data } = await sendAll(world, [
      report(world, facility),
      report(world, facility),
      report(world, facility, { occupied: 7 }),
    ]);
    expect(data.reportCapacities.outcomes).toMatchObject([
      { __typename: 'Facility' },
      { __typename: 'Facility' },
      { __typename: 'ConflictingReport' },
    ]);
    expect(await bedsOf(world, facility)).toMatchObject({ occupied: 4 });
  });

  test('1,001 reports are refused whole and nothing is stored', async () => {
    const facility = newFacility();
    const { errors } = await sendAll(
      world,
      Array.from({ length: 1_001 }, () => report(world, facility)),
    );
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MUCH' } }]);
    expect(await bedsOf(world, facility)).toMatchObject({ status: 'NOT_REPORTED' });
  });

  test('an unknown category is an error that names its position, and nothing is stored', async () => {
    const facility = newFacility();
    const { errors } = await sendAll(world, [
      report(world, facility),
      report(world, facility, { category: 'ICU' }),
    ]);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors![0]!.message).toContain('input.reports[1].category');
    expect(await bedsOf(world, facility)).toMatchObject({ status: 'NOT_REPORTED' });
  });
});

test('parallel bulks over the same facilities, in opposite orders, all end with the newest report', async () => {
  const some = Array.from({ length: 40 }, newFacility);
  const bulk = (seconds: number, order: string[]) =>
    sendAll(
      world,
      order.map((facility) =>
        report(world, facility, {
          occupied: seconds,
          observedAt: new Date(world.clock.now.getTime() - seconds * 1000).toISOString(),
        }),
      ),
    );
  const responses = await Promise.all(
    [5, 3, 1, 4, 2, 0, 6, 7].map((seconds, n) => bulk(seconds, n % 2 ? [...some].reverse() : some)),
  );
  expect(responses.every(({ errors }) => errors === undefined)).toBe(true);
  for (const facility of some) expect(await bedsOf(world, facility)).toMatchObject({ occupied: 0 });
});

describe('who may report', () => {
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
    ['an authority of another Land', () => ({ role: 'crisis-staff', areas: ['09'] }), false],
    ['an authority of all of Germany', () => ({ role: 'dispatch', areas: [''] }), true],
    ['an authority without an area', () => ({ role: 'crisis-staff' }), false],
    ['a role that only reads', () => ({ role: 'supplier', areas: [''] }), false],
  ])('%s', async (_, who, mayReport) => {
    const [facility] = await facilitiesOf(world, '05');
    const { data, errors } = await sendRaw(
      world,
      report(world, facility!, { source: `test ${next++}` }),
      who(facility!),
    );
    if (mayReport) expect(data.reportCapacity).toMatchObject({ __typename: 'Facility' });
    else expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('free is what is left of operable, never negative, for any numbers', async () => {
  const count = (n: number) => (n * 7919) % 61; // scattered, and the same in every run
  const reports = Array.from({ length: 100 }, (_, n) => ({ n, facility: newFacility() }));
  await sendAll(
    world,
    reports.map(({ n, facility }) =>
      report(world, facility, {
        operable: count(n),
        occupied: count(n + 100),
        blocked: count(n + 200) % 9,
      }),
    ),
  );
  for (const { facility } of reports) {
    const { operable, occupied, blocked, free } = await bedsOf(world, facility);
    expect(free).toBe(Math.max(0, operable - occupied - blocked));
  }
});
