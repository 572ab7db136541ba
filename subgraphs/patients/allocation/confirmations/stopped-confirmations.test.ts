import { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import { pino } from 'pino';
import { tokenMint } from '../../../../shared/identity/index.js';
import { DAY_MINUTES } from '../../../../shared/time/rules.js';
import { ReserveForAllocationDocument } from '../../capacity-client/index.js';
import { openDatabase } from '../../database/database.js';
import { tick, tickUntil } from '../../testing/clock.js';
import { facilitiesIn, newIncident } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../../testing/patients-world.js';
import { register } from '../../testing/transfers.js';
import { confirm, giveIntake, intakeOf, planOf } from '../../testing/plans.js';
import { planned } from '../../testing/proposals.js';
import { AllocationJobs } from './jobs.js';

const log = pino({ level: 'silent' });
let world: PatientsWorld;
let facilities: string[];
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 10);
  await giveIntake(world, facilities, 3);
});
afterAll(() => world.close());

let next = 0;
/** A plan of an incident of its own that sends two patients to a facility that no other test uses. */
async function planToStop() {
  const facility = facilities[next++]!;
  const incident = await newIncident(world);
  const patients = await register(world, { incident }, 2);
  const entries = patients.map((patient) => ({ patient, facility }));
  return { facility, incident, patients, plan: await planOf(world, { incident }, entries) };
}
const discard = (plan: string) =>
  planned(world, 'discardAllocation', { plan, reason: 'false alarm' });
const close = async (incident: string) => {
  const { data } = await world.request(
    'mutation ($incident: ID!) { closeIncident(input: { incident: $incident, reason: "over" }) { __typename } }',
    { incident },
  );
  expect(data.closeIncident.__typename).toBe('Incident');
};
/** Ends the confirmation as a crash does right behind its first half. */
async function confirmedByACrash(plan: string) {
  await world.stopCapacity();
  expect(await confirm(world, plan)).toMatchObject({ status: 'CONFIRMING' });
}
/** Finishes a confirmation in a process to which something happens right behind its reservation. */
async function finishedWith(plan: string, happens: () => Promise<unknown>) {
  class InterruptedClient extends SubgraphClient {
    override async request<Data, Variables extends object>(
      ...request: Parameters<typeof SubgraphClient.prototype.request<Data, Variables>>
    ): Promise<Data> {
      const response = await super.request(...request);
      if (request[0].toString() === ReserveForAllocationDocument.toString()) await happens();
      return response;
    }
  }
  const database = openDatabase(world.databases.patients.url);
  const mint = await tokenMint(world.dataFolder, 'patients');
  const capacity = new InterruptedClient('capacity', { url: world.capacityUrl, mint });
  try {
    const { now } = world.clock;
    await new AllocationJobs({ database, capacity, now: () => now, log }).runOpen(plan);
  } finally {
    await database.close();
    await capacity.close();
  }
}
const untilFinished = () =>
  tickUntil(world, async () => {
    world.later(2);
    const { rowCount } = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
    return rowCount === 0;
  });
/** Nobody is sent, and nothing is kept for anybody. */
async function expectNobodySent({ facility, patients }: { facility: string; patients: string[] }) {
  const { rowCount } = await world.pool.query(
    'SELECT FROM transfer WHERE patient_id = ANY ($1::uuid[])',
    [patients],
  );
  expect(rowCount).toBe(0);
  expect(await intakeOf(world, facility)).toMatchObject({ reserved: 0, free: 3 });
}
const read = async (plan: string, who?: TestIdentity) => {
  const { data } = await world.request(
    `query ($plan: ID!) { allocationPlan(id: $plan) { status summary { confirmed lost } lost { nodes { code } } } }`,
    { plan },
    who,
  );
  return data.allocationPlan;
};
const ALL_LOST = {
  status: 'CONFIRMED',
  summary: { confirmed: 0, lost: 2 },
  lost: { nodes: [{ code: 'INCIDENT_CLOSED' }, { code: 'INCIDENT_CLOSED' }] },
};

test('an incident closed while capacity is unavailable: nobody is sent when it is back, and each entry has the reason', async () => {
  const one = await planToStop();
  await confirmedByACrash(one.plan);
  await close(one.incident);
  await world.restartCapacity();
  await untilFinished();
  expect(await read(one.plan)).toMatchObject(ALL_LOST);
  await expectNobodySent(one);
});

test('an incident closed right after the reservation: the slots are released', async () => {
  const one = await planToStop();
  await confirmedByACrash(one.plan);
  await world.restartCapacity();
  await finishedWith(one.plan, () => close(one.incident));
  expect(await read(one.plan)).toMatchObject(ALL_LOST);
  await expectNobodySent(one);
  const { rows } = await world.pool.query(
    'SELECT kind::text FROM incident_entry WHERE incident_id = $1 ORDER BY at',
    [one.incident],
  );
  expect(rows.map(({ kind }) => kind)).not.toContain('ALLOCATION_CONFIRMED');
});

test('a plan discarded while capacity is unavailable stays discarded, and nobody is sent when it is back', async () => {
  const one = await planToStop();
  await confirmedByACrash(one.plan);
  expect(await discard(one.plan)).toMatchObject({
    __typename: 'AllocationPlan',
    status: 'DISCARDED',
    settledReason: 'false alarm',
  });
  await world.restartCapacity();
  await untilFinished();
  expect(await read(one.plan)).toMatchObject({ status: 'DISCARDED' });
  await expectNobodySent(one);
  const { rowCount } = await world.pool.query(
    `SELECT FROM job WHERE subject = $1 AND kind = 'allocation.return'`,
    [one.plan],
  );
  // Nothing had been reserved, and nothing was on the way.
  expect(rowCount).toBe(0);
});

test('a plan discarded right after the reservation: the process that reserved releases the slots', async () => {
  const one = await planToStop();
  await confirmedByACrash(one.plan);
  await world.restartCapacity();
  await finishedWith(one.plan, () => discard(one.plan));
  expect(await read(one.plan)).toMatchObject({ status: 'DISCARDED' });
  await expectNobodySent(one);
});

test('a plan discarded after its process crashed behind the reservation: its slots are found and released', async () => {
  const one = await planToStop();
  await confirmedByACrash(one.plan);
  await world.restartCapacity();
  const died = new Error('killed');
  await expect(finishedWith(one.plan, () => Promise.reject(died))).rejects.toBe(died);
  expect(await intakeOf(world, one.facility)).toMatchObject({ reserved: 2 });
  await discard(one.plan);
  await untilFinished();
  await expectNobodySent(one);
});

test('facilities that received a plan are notified of its discarding, which is refused once its transfers are made', async () => {
  const one = await planToStop();
  await confirmedByACrash(one.plan);
  expect(await read(one.plan, staffOf(one.facility))).toMatchObject({ status: 'CONFIRMING' });
  const watch = await world.watch(
    'subscription ($after: String) { allocationChanged(after: $after) { plan { id } } }',
    { after: await world.cursor() },
    staffOf(one.facility),
  );
  await discard(one.plan);
  expect((await watch.next()).value).toMatchObject({ data: { allocationChanged: { plan: null } } });
  await watch.return!(undefined);
  await world.restartCapacity();
  const other = await planToStop();
  await confirm(world, other.plan);
  expect(await discard(other.plan)).toMatchObject({
    __typename: 'PlanEnded',
    message: expect.stringContaining('is confirmed already. Cancel single transfers'),
  });
});

test('the entries of a discarded plan are deleted after 7 days; the plan stays, and other plans are unchanged', async () => {
  const [dropped, kept] = [await planToStop(), await planToStop()];
  await discard(dropped.plan);
  const entriesOf = async ({ plan }: { plan: string }) => {
    const { rows } = await world.pool.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM allocation WHERE plan_id = $1)::int
         + (SELECT count(*) FROM allocation_load WHERE plan_id = $1)::int AS count`,
      [plan],
    );
    return rows[0]!.count;
  };
  world.later(7 * DAY_MINUTES - 1);
  await tick(world);
  expect(await entriesOf(dropped)).toBe(3);
  world.later(2);
  await tickUntil(world, async () => (await entriesOf(dropped)) === 0);
  expect(await read(dropped.plan)).toMatchObject({ status: 'DISCARDED' });
  expect(await entriesOf(kept)).toBe(3);
});
