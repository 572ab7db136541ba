import { pino } from 'pino';
import { tokenMint } from '../../../../shared/identity/index.js';
import { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import { eachOnce } from '../../../../shared/testing/each-once.js';
import { openDatabase } from '../../database/database.js';
import { tick, tickUntil } from '../../testing/clock.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
import { call, primary, register } from '../../testing/transfers.js';
import { confirm, confirmRaw, giveIntake, intakeOf, planOf } from '../../testing/plans.js';
import { AllocationJobs } from './jobs.js';

const log = pino({ level: 'silent' });
let world: PatientsWorld;
let facilities: string[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 20);
  await giveIntake(world, facilities, 3);
  incident = await newIncident(world);
});
afterAll(() => world.close());

const newFacility = eachOnce(() => facilities);
const planFor = async (facility: string, count = 1) => {
  const patients = await register(world, { incident }, count);
  const entries = patients.map((patient) => ({ patient, facility }));
  return { plan: await planOf(world, { incident }, entries), patients };
};
const statusOf = async (plan: string) =>
  (await world.pool.query('SELECT status::text FROM allocation_plan WHERE id = $1', [plan])).rows[0]
    .status as string;
/** Lets time pass, as much as any pause is long, until nothing is left to be done. */
const untilFinished = () =>
  tickUntil(world, async () => {
    world.later(2);
    const { rowCount } = await world.pool.query(
      `SELECT FROM allocation_plan WHERE status = 'CONFIRMING'
       UNION ALL SELECT FROM job WHERE done_at IS NULL`,
    );
    return rowCount === 0;
  });
const outcomesOf = async (plan: string) =>
  (
    await world.pool.query(
      `SELECT outcome::text, lost_to::text AS "lostTo" FROM allocation WHERE plan_id = $1 ORDER BY position`,
      [plan],
    )
  ).rows as { outcome: string; lostTo: string | null }[];
/** Ends the confirmation as a crash does right behind its first half. */
async function confirmedByACrash(plan: string) {
  await world.stopCapacity();
  await confirm(world, plan);
  await world.restartCapacity();
}

test('a confirmation is stored while capacity is unavailable, and finished when it is back', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  await world.stopCapacity();
  const key = { idempotencyKey: newKey() };
  expect(await confirm(world, plan, key)).toMatchObject({
    __typename: 'AllocationPlan',
    status: 'CONFIRMING',
    summary: { confirmed: null, lost: null },
  });
  expect(await confirm(world, plan, key)).toMatchObject({ status: 'CONFIRMING' });
  expect(await confirm(world, plan)).toMatchObject({
    __typename: 'PlanEnded',
    message: expect.stringContaining('is being confirmed'),
  });
  await world.restartCapacity();
  await untilFinished();
  expect(await outcomesOf(plan)).toMatchObject([
    { outcome: 'CONFIRMED' },
    { outcome: 'CONFIRMED' },
  ]);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 2 });
});

test('the subgraph finishes open confirmations by its own timer', async () => {
  const { plan } = await planFor(newFacility());
  await confirmedByACrash(plan);
  expect(await statusOf(plan)).toBe('CONFIRMING');
  world.later(2);
  while ((await statusOf(plan)) !== 'CONFIRMED');
});

test('a repeated call finishes at once the confirmation that the first left open', async () => {
  const { plan } = await planFor(newFacility());
  const key = { idempotencyKey: newKey() };
  await world.stopCapacity();
  await confirm(world, plan, key);
  await world.restartCapacity();
  expect(await confirm(world, plan, key)).toMatchObject({ status: 'CONFIRMED' });
});

test('a confirmation with overrides changes nothing while capacity is unavailable', async () => {
  const { plan, patients } = await planFor(newFacility());
  await world.stopCapacity();
  const overrides = [{ patient: patients[0], facility: newFacility(), reason: 'why' }];
  const { errors } = await confirmRaw(world, plan, { overrides });
  expect(errors).toMatchObject([
    {
      extensions: { code: 'SERVICE_UNAVAILABLE' },
      message: expect.stringContaining('Nothing was changed'),
    },
  ]);
  expect(await statusOf(plan)).toBe('PROPOSED');
  await world.restartCapacity();
});

test('a patient who died or was sent elsewhere during the confirmation loses the slot', async () => {
  const facility = newFacility();
  const { plan, patients } = await planFor(facility, 2);
  await confirmedByACrash(plan);
  await call(world, 'recordDeath', { patient: patients[0] });
  await untilFinished();
  expect(await outcomesOf(plan)).toEqual([
    { outcome: 'LOST', lostTo: 'DIED' },
    { outcome: 'CONFIRMED', lostTo: null },
  ]);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 1 });
});

test('slots that lapsed before the confirmation was finished are requested again, and only what is left is reserved', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 3);
  await confirmedByACrash(plan);
  await world.pool.query(
    `UPDATE job SET run_at = run_at + interval '31 minutes' WHERE subject = $1`,
    [plan],
  );
  // The crashed process had reserved under the same key, on behalf of the same person.
  await reserve(facility, 3, `allocation ${plan}`);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 3 });
  world.later(31);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 0 });
  await reserve(facility, 1, newKey());
  await untilFinished();
  expect((await outcomesOf(plan)).map(({ outcome }) => outcome)).toEqual([
    'CONFIRMED',
    'CONFIRMED',
    'LOST',
  ]);
  const { rows } = await world.pool.query(
    `SELECT t.id, t.reservation_id AS reservation FROM transfer t WHERE to_facility = $1`,
    [facility],
  );
  expect(rows).toHaveLength(2);
  const { data } = await world.requestCapacity(
    'query ($id: ID!) { reservation(id: $id) { items { status } } }',
    { id: rows[0].reservation },
  );
  expect(data.reservation.items.map(({ status }: any) => status).sort()).toEqual([
    'NOT_GIVEN',
    'OPEN',
    'OPEN',
  ]);
  expect(
    await call(world, 'acceptTransfer', { transfer: rows[0].id }, staffOf(facility)),
  ).toMatchObject({ status: 'ACCEPTED' });
});

test('another process uses what the crashed one had reserved: nothing is reserved twice', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  await confirmedByACrash(plan);
  const { id } = await reserve(facility, 2, `allocation ${plan}`);
  await untilFinished();
  const { rows } = await world.pool.query(
    'SELECT DISTINCT reservation_id AS id FROM transfer WHERE to_facility = $1',
    [facility],
  );
  expect(rows).toEqual([{ id }]);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 2 });
});

test('a slot that was released in the meantime does not count', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  await confirmedByACrash(plan);
  const { id, items } = await reserve(facility, 2, `allocation ${plan}`);
  await world.requestCapacity(
    'mutation ($input: ReleaseReservationInput!) { releaseReservation(input: $input) { __typename } }',
    { input: { reservation: id, items: [items[0].id] } },
  );
  await untilFinished();
  expect(await outcomesOf(plan)).toEqual([
    { outcome: 'LOST', lostTo: 'PLACE_TAKEN' },
    { outcome: 'CONFIRMED', lostTo: null },
  ]);
});

test('two processes that finish one confirmation make its transfers once', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 3);
  await confirmedByACrash(plan);
  world.later(2);
  await Promise.all([tick(world), tick(world), tick(world)]);
  await untilFinished();
  expect(await statusOf(plan)).toBe('CONFIRMED');
  const { rowCount } = await world.pool.query('SELECT FROM transfer WHERE to_facility = $1', [
    facility,
  ]);
  expect(rowCount).toBe(3);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 3 });
});

test('a slot that the dispatcher named for another transfer in the meantime stays with that transfer', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  await confirmedByACrash(plan);
  const { id, items } = await reserve(facility, 2, `allocation ${plan}`);
  const [other] = await register(world, { incident });
  const reservation = { id, item: items[0].id };
  const transferRequest = primary(other!, { bedCategory: null, to: facility, reservation });
  expect(await call(world, 'requestTransfer', transferRequest)).toMatchObject({
    __typename: 'Transfer',
  });
  await untilFinished();
  expect(await outcomesOf(plan)).toEqual([
    { outcome: 'LOST', lostTo: 'PLACE_TAKEN' },
    { outcome: 'CONFIRMED', lostTo: null },
  ]);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 2 });
});

test('a process so late that it reserves other slots than the one before releases them', async () => {
  const facility = newFacility();
  const { plan } = await planFor(facility, 2);
  await confirmedByACrash(plan);
  /** The client of a process that stops for half an hour, while another one finishes the confirmation. */
  class Late extends SubgraphClient {
    #isFirst = true;
    override async request<Data, Variables extends object>(
      ...request: Parameters<typeof SubgraphClient.prototype.request<Data, Variables>>
    ): Promise<Data> {
      if (this.#isFirst) {
        this.#isFirst = false;
        await untilFinished();
        world.later(31);
      }
      return super.request(...request);
    }
  }
  const database = openDatabase(world.databases.patients.url);
  const mint = await tokenMint(world.dataFolder, 'patients');
  const late = new Late('capacity', { url: world.capacityUrl, mint });
  const { now } = world.clock;
  await new AllocationJobs({ database, capacity: late, now: () => now, log }).runOpen(plan);
  await database.close();
  await late.close();
  expect(await outcomesOf(plan)).toMatchObject([
    { outcome: 'CONFIRMED' },
    { outcome: 'CONFIRMED' },
  ]);
  const { rows } = await world.pool.query(
    `SELECT done_at IS NOT NULL AS done FROM job, jsonb_array_elements(input -> 'items')
     WHERE subject = $1 AND kind = 'allocation.return'`,
    [plan],
  );
  expect(rows).toEqual([{ done: true }, { done: true }]);
  // The slots of the transfers have lapsed too: the facilities did not respond for half an hour.
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 0 });
});

test('a confirmation that always fails does not delay others', async () => {
  const [broken, sound] = [await planFor(newFacility()), await planFor(newFacility())];
  await confirmedByACrash(broken.plan);
  await confirmedByACrash(sound.plan);
  // A fault that persists in every attempt.
  await world.pool.query(
    `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
     CREATE TRIGGER broken BEFORE UPDATE ON allocation FOR EACH ROW WHEN (OLD.plan_id = '${broken.plan}')
     EXECUTE FUNCTION broken()`,
  );
  // The subgraph's own timer may run first and fail; then the next run is ours.
  const isFailed = async () => {
    world.later(2);
    const fault = await tick(world).catch(String);
    if (fault !== undefined) expect(fault).toContain('broken');
    return fault !== undefined;
  };
  while (!(await isFailed()));
  while ((await statusOf(sound.plan)) !== 'CONFIRMED');
  expect(await statusOf(broken.plan)).toBe('CONFIRMING');
  await world.pool.query('DROP TRIGGER broken ON allocation');
  await untilFinished();
  expect(await statusOf(broken.plan)).toBe('CONFIRMED');
});

/** Reserves slots as the confirmation of a plan does. */
async function reserve(facility: string, count: number, idempotencyKey: string) {
  const items = Array.from({ length: count }, () => ({
    facility: facility,
    intake: 'SK_II',
    count: 1,
    // By the minutes of these plans.
    onlySustained: true,
    arrivesInMinutes: 13,
  }));
  const { data, errors } = await world.requestCapacity(
    'mutation ($input: ReserveBedsInput!) { reserveBeds(input: $input) { ... on Reservation { id items { id } } ... on Refusal { message } } }',
    {
      input: {
        items,
        kind: 'PRIMARY',
        mode: 'AS_MANY_AS_POSSIBLE',
        acceptStale: true,
        idempotencyKey,
      },
    },
    { role: 'crisis-staff', areas: [''], subject: 'control room' },
  );
  if (errors || data.reserveBeds.message) throw new Error(JSON.stringify(errors ?? data));
  return data.reserveBeds as { id: string; items: [{ id: string }] };
}
