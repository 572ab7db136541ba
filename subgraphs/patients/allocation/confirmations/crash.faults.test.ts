import pg from 'pg';
import { crashEverywhere, MOST_AWAITS } from '../../../../shared/testing/crash-everywhere.js';
import { SECOND_MS } from '../../../../shared/time/rules.js';
import { tickUntil } from '../../testing/clock.js';
import { crashingAct, crashingCapacity, ended } from '../../testing/crashing.js';
import { facilitiesIn, newIncident, newKey } from '../../testing/casualties.js';
import { CONTROL_ROOM, patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';
import { call, register } from '../../testing/transfers.js';
import { confirm, giveIntake, intakeOf, planOf } from '../../testing/plans.js';

let world: PatientsWorld;
let near: string;
let far: string;
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  [near, far] = (await facilitiesIn(world, '05', 2)) as [string, string];
  await giveIntake(world, [near, far], 500);
  incident = await newIncident(world);
});
afterAll(() => world.close());

/** One patient is sent as proposed, one elsewhere, and one dies before, so that the slot must be released. */
interface Case {
  plan: string;
  input: object;
}

const cases = new Map<string, Case>();
async function prepared(): Promise<string> {
  const [goes, elsewhere, dies] = await register(world, { incident }, 3);
  const plan = await planOf(world, { incident }, [
    { patient: goes!, facility: near },
    { patient: elsewhere!, facility: near },
    { patient: dies!, facility: far },
  ]);
  await call(world, 'recordDeath', { patient: dies });
  const overrides = [{ patient: elsewhere, facility: far, reason: 'her mother is there' }];
  cases.set(plan, { plan, input: { plan, overrides, idempotencyKey: newKey() } });
  return plan;
}

function untilFinished() {
  return tickUntil(world, async () => {
    world.later(1);
    const { rowCount } = await world.pool.query(
      `SELECT FROM allocation_plan WHERE status = 'CONFIRMING'
       UNION ALL SELECT FROM job WHERE done_at IS NULL`,
    );
    return rowCount === 0;
  });
}

/** The slots that capacity keeps, and those that transfers have. */
async function kept() {
  const capacity = new pg.Client(world.databases.capacity.url);
  await capacity.connect();
  try {
    const inCapacity = await capacity.query<{ id: string }>(
      `SELECT id FROM reservation_item
       WHERE count > 0 AND redeemed_at IS NULL AND released_at IS NULL AND expires_at > $1 ORDER BY id`,
      [world.clock.now],
    );
    const inPatients = await world.pool.query<{ id: string }>(
      'SELECT reservation_item AS id FROM transfer WHERE reservation_item IS NOT NULL ORDER BY reservation_item',
    );
    return { inCapacity: inCapacity.rows, inPatients: inPatients.rows };
  } finally {
    await capacity.end();
  }
}

/** Expects every plan as proposed or confirmed whole and once, with one slot in capacity for each transfer and no other. */
async function expectWholeAndOnce(plans: readonly string[]) {
  const { rows } = await world.pool.query<{ status: string; outcomes: string[] }>(
    `SELECT n.status::text, array_agg(a.outcome::text ORDER BY a.position) AS outcomes
     FROM unnest($1::uuid[]) WITH ORDINALITY AS p (id, number)
     JOIN allocation_plan n ON n.id = p.id JOIN allocation a ON a.plan_id = n.id GROUP BY n.id, p.number ORDER BY p.number`,
    [plans],
  );
  const firstConfirmed = rows.findIndex(({ status }) => status === 'CONFIRMED');
  expect(rows).toEqual(
    rows.map((_, n) =>
      n < firstConfirmed
        ? { status: 'PROPOSED', outcomes: ['PLANNED', 'PLANNED', 'PLANNED'] }
        : { status: 'CONFIRMED', outcomes: ['CONFIRMED', 'OVERRIDDEN', 'LOST', 'CONFIRMED'] },
    ),
  );
  const { inCapacity, inPatients } = await kept();
  expect(inPatients).toEqual(inCapacity);
  return plans.length - firstConfirmed;
}

test(
  'patients killed at every await of a confirmation: it is confirmed whole and once, or it is as proposed',
  async () => {
    const plans = await crashEverywhere(prepared, (plan, killAt) => {
      const { input } = cases.get(plan)!;
      const act = { store: 'confirmations', method: 'confirm', input: [input], killAt };
      return crashingAct(world, CONTROL_ROOM, act);
    });
    expect(plans.length).toBeGreaterThan(25);
    await untilFinished();
    const confirmed = await expectWholeAndOnce(plans);
    expect(confirmed).toBeGreaterThan(15);
    expect(await intakeOf(world, near)).toMatchObject({ reserved: confirmed });
    expect(await intakeOf(world, far)).toMatchObject({ reserved: confirmed });
    // A caller without a response repeats the call, and receives the confirmed plan.
    for (const plan of plans) {
      const { idempotencyKey, overrides } = cases.get(plan)!.input as any;
      const again = await confirm(world, plan, { overrides, idempotencyKey });
      expect(again).toMatchObject({ id: plan, status: 'CONFIRMED' });
    }
    expect(await intakeOf(world, near)).toMatchObject({ reserved: plans.length });
  },
  400 * SECOND_MS,
);

test(
  'capacity killed at every statement of it: the plan is CONFIRMING, and is finished when it is back',
  async () => {
    const port = Number(new URL(world.capacityUrl).port);
    const prepare = [];
    for (let n = 0; n < 30; n++) prepare.push(await prepared());
    await world.stopCapacity();
    const plans: string[] = [];
    let died = true;
    for (let killAt = 1; died && killAt <= MOST_AWAITS; killAt++) {
      const plan = prepare.pop()!;
      plans.push(plan);
      const capacity = await crashingCapacity(world, port, killAt);
      const { idempotencyKey } = cases.get(plan)!.input as any;
      const { status } = await confirm(world, plan, { idempotencyKey });
      died = capacity.signalCode !== null || status === 'CONFIRMING';
      await ended(capacity);
    }
    expect(plans.length).toBeGreaterThan(5);
    await world.restartCapacity();
    await untilFinished();
    const { rows } = await world.pool.query(
      `SELECT DISTINCT array_agg(outcome::text ORDER BY position) AS outcomes FROM allocation WHERE plan_id = ANY ($1::uuid[])
       GROUP BY plan_id`,
      [plans],
    );
    expect(rows).toEqual([{ outcomes: ['CONFIRMED', 'CONFIRMED', 'LOST'] }]);
    const { inCapacity, inPatients } = await kept();
    expect(inPatients).toEqual(inCapacity);
  },
  400 * SECOND_MS,
);
