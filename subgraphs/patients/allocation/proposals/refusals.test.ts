import { randomUUID } from 'node:crypto';
import { newKey } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { call, primary, register } from '../../testing/transfers.js';
import {
  incidentBeside,
  opens,
  planned,
  planRaw,
  propose,
  untouchedKreise,
  type Hospital,
} from '../../testing/proposals.js';

let world: PatientsWorld;
let facility: Hospital;
let other: Hospital;
let incident: string;
let dispatch: TestIdentity;
beforeAll(async () => {
  world = await patientsWorld();
  [facility, other] = (await untouchedKreise(() => world)(2)) as [Hospital, Hospital];
  await opens(world, facility, { SK_I: 4, SK_II: 4, SK_III: 4 });
  incident = await incidentBeside(world, facility);
  await register(world, { incident }, 2);
  dispatch = { role: 'dispatch', areas: [facility.area], subject: 'dispatcher' };
});
afterAll(() => world.close());

const plans = async () =>
  Number((await world.pool.query('SELECT count(*) FROM allocation_plan')).rows[0].count);

/** Expects that nothing is stored and nobody is notified. */
async function leavesNothing<T>(act: () => Promise<T>): Promise<T> {
  const before = [await plans(), await world.eventCount()];
  const response = await act();
  expect([await plans(), await world.eventCount()]).toEqual(before);
  return response;
}

test.each([
  ['radiusKm', { radiusKm: 0 }, 'received 0'],
  ['radiusKm', { radiusKm: 1_000.5 }, 'received 1000.5'],
  ['wave', { wave: 0 }, 'received 0'],
  ['wave', { wave: 21 }, 'received 21'],
  ['without', { without: Array.from({ length: 501 }, () => randomUUID()) }, 'received 501'],
  ['weightSkI', { parameters: { weightSkI: 0 } }, 'received 0'],
  ['walkInSkII', { parameters: { walkInSkII: 1.1 } }, 'received 1.1'],
  ['flights', { parameters: { flights: -1 } }, 'received -1'],
  ['priorityFactor', { parameters: { weightSkI: 1 } }, 'with a factor of 1.5'],
])(
  'a %s out of range is refused, and the message has the value: %j',
  async (parameter, changes, received) => {
    const outcome = await leavesNothing(() => propose(world, incident, changes));
    expect(outcome).toMatchObject({ __typename: 'InvalidParameter', field: parameter });
    expect(outcome.message).toContain(received);
  },
);

test('a missing incident, a closed one, and one without waiting patients are refused', async () => {
  for (const missing of [randomUUID(), 'nobody']) {
    expect(await leavesNothing(() => propose(world, missing))).toMatchObject({
      __typename: 'UnknownIncident',
      unknown: missing,
    });
  }
  const empty = await incidentBeside(world, facility);
  expect(await leavesNothing(() => propose(world, empty))).toMatchObject({
    __typename: 'NobodyToAllocate',
    considered: 0,
    message: expect.stringContaining('Register casualties first'),
  });
  const [alone] = await register(world, { incident: empty });
  await register(world, { incident: empty }, 1, { category: 'EX', physician: true });
  await call(world, 'requestTransfer', primary(alone!, { bedCategory: null, to: facility.id }));
  expect(await leavesNothing(() => propose(world, empty))).toMatchObject({
    __typename: 'NobodyToAllocate',
    considered: 2,
  });
  await world.request(
    `mutation ($input: CloseIncidentInput!) { closeIncident(input: $input) { __typename } }`,
    { input: { incident: empty, reason: 'over' } },
  );
  expect(await leavesNothing(() => propose(world, empty))).toMatchObject({
    __typename: 'IncidentEnded',
    closed: { id: empty },
  });
});

test('an incident that is closed while its plan is made has no plan', async () => {
  const closing = await incidentBeside(world, facility);
  await register(world, { incident: closing });
  const client = await world.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`UPDATE incident SET status = 'CLOSED', closed_at = $2 WHERE id = $1`, [
      closing,
      world.clock.now,
    ]);
    const proposing = propose(world, closing);
    // The plan is computed, and waits for the incident's lock.
    const waiting = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await world.pool.query(waiting)).rows[0].count === '0') await world.eventCount();
    await client.query('COMMIT');
    expect(await proposing).toMatchObject({ __typename: 'IncidentEnded' });
  } finally {
    client.release();
  }
});

test('a facility to leave out that does not exist is refused; one that accepts nobody is known', async () => {
  for (const missing of [randomUUID(), 'no facility']) {
    const without = [facility.id, missing];
    expect(await leavesNothing(() => propose(world, incident, { without }))).toMatchObject({
      __typename: 'UnknownFacility',
      missing,
    });
  }
  expect(await propose(world, incident, { without: [other.id] })).toMatchObject({
    __typename: 'AllocationPlan',
  });
});

test('an invalid area, an empty key and too many patients are faults of the caller', async () => {
  for (const [changes, code] of [
    [{ area: '5' }, 'BAD_USER_INPUT'],
    [{ idempotencyKey: ' ' }, 'BAD_USER_INPUT'],
  ] as const) {
    const { errors } = await leavesNothing(() =>
      planRaw(world, 'proposeAllocation', { incident, ...changes }),
    );
    expect(errors).toMatchObject([{ extensions: { code } }]);
  }
  const many = await incidentBeside(world, facility);
  await world.pool.query(
    `INSERT INTO patient (tag, incident_id, area, category, by_physician, transport_priority, needs, ventilated, physician_escort, origin,
       registered_at, registered_by)
     SELECT 'c' || n, $1, $2, 'SK_III', false, false, '{}', false, false, 'CIVILIAN', $3, 'x' FROM generate_series(1, 100001) AS n`,
    [many, facility.area, world.clock.now],
  );
  const { errors } = await leavesNothing(() =>
    planRaw(world, 'proposeAllocation', { incident: many }),
  );
  expect(errors).toMatchObject([{ extensions: { code: 'TOO_MUCH' } }]);
  expect(errors![0]!.message).toContain('received 100001');
});

const FORBIDDEN = [{ extensions: { code: 'FORBIDDEN' } }];

test('only callers who lead where the incident is propose for it', async () => {
  const strangers: TestIdentity[] = [
    { role: 'dispatch', areas: ['09'] },
    { role: 'crisis-staff', areas: ['01'] },
    { role: 'spoc', areas: [facility.area] },
    { role: 'health-office', areas: [facility.area] },
    // A facility whose token names an area does not act for its control room.
    { role: 'hospital', facilities: [facility.id], areas: [facility.area] },
  ];
  for (const who of strangers) {
    const { errors } = await leavesNothing(() =>
      planRaw(world, 'proposeAllocation', { incident }, who),
    );
    expect(errors).toMatchObject(FORBIDDEN);
  }
  for (const who of [dispatch, { ...dispatch, role: 'crisis-staff', areas: [''] }]) {
    expect(await propose(world, incident, {}, who)).toMatchObject({ __typename: 'AllocationPlan' });
  }
});

test('while capacity is unavailable nothing is proposed, and the same call succeeds afterwards', async () => {
  const input = { incident, without: [other.id], idempotencyKey: newKey() };
  await world.stopCapacity();
  const { errors } = await leavesNothing(() => planRaw(world, 'proposeAllocation', input));
  expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  expect(errors![0]!.message).toContain('Nothing was proposed');
  const distributing = { facility: facility.id, count: 1 };
  const moved = await leavesNothing(() => planRaw(world, 'distributeFrom', distributing));
  expect(moved.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  await world.restartCapacity();
  expect(await planned(world, 'proposeAllocation', input)).toMatchObject({
    __typename: 'AllocationPlan',
  });
});

describe('a plan is dropped', () => {
  test('stores the reason once; a repetition changes nothing', async () => {
    const { id } = await propose(world, incident, {}, dispatch);
    const dropped = await planned(world, 'discardAllocation', { plan: id, reason: ' wrong area ' });
    expect(dropped).toMatchObject({ id, status: 'DISCARDED', settledReason: 'wrong area' });
    const again = await leavesNothing(() =>
      planned(world, 'discardAllocation', { plan: id, reason: 'another' }),
    );
    expect(again).toEqual(dropped);
  });

  test.each(['', ' ', '\n'])('with a reason or without one, but not with %j', async (reason) => {
    const { id } = await propose(world, incident, {}, dispatch);
    const { errors } = await leavesNothing(() =>
      planRaw(world, 'discardAllocation', { plan: id, reason }, dispatch),
    );
    expect(errors).toMatchObject([
      { message: expect.stringContaining('reason'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('is refused once the plan is confirmed', async () => {
    const { id } = await propose(world, incident);
    await world.pool.query(`UPDATE allocation_plan SET status = 'CONFIRMED' WHERE id = $1`, [id]);
    const outcome = await leavesNothing(() => planned(world, 'discardAllocation', { plan: id }));
    expect(outcome).toMatchObject({
      __typename: 'PlanEnded',
      plan: { id, status: 'CONFIRMED' },
    });
  });

  test('is refused to callers who do not lead, in the words for a missing plan', async () => {
    const { id } = await propose(world, incident);
    const drop = async (plan: string, who: TestIdentity) =>
      (await leavesNothing(() => planned(world, 'discardAllocation', { plan }, who))) as {
        message: string;
      };
    const missing = randomUUID();
    for (const who of [{ role: 'dispatch', areas: ['09'] }, staffOf(facility.id)]) {
      const hidden = await drop(id, who);
      expect(hidden).toMatchObject({ __typename: 'UnknownPlan', planId: id });
      const unknown = await drop(missing, who);
      expect(hidden.message.replace(id, '')).toBe(unknown.message.replace(missing, ''));
    }
    expect(await drop('no plan', dispatch)).toMatchObject({ __typename: 'UnknownPlan' });
    const { errors } = await planRaw(
      world,
      'discardAllocation',
      { plan: id },
      {
        role: 'spoc',
        areas: [facility.area],
      },
    );
    expect(errors).toMatchObject(FORBIDDEN);
  });

  test('has a reason of up to 500 characters', async () => {
    const reason = 'x'.repeat(501);
    const { errors } = await planRaw(world, 'discardAllocation', { plan: randomUUID(), reason });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors![0]!.message).toContain('not 501');
  });
});
