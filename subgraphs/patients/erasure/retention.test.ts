import { DAY_MINUTES, DAY_MS } from '../../../shared/time/rules.js';
import { until } from '../../../tests/until.js';
import { openDatabase, type Database } from '../database/database.js';
import { facilitiesIn, newIncident, newPatient, COLOGNE, DISPATCH } from '../testing/casualties.js';
import { done, requested } from '../testing/journeys.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../testing/patients-world.js';
import { planOf } from '../testing/plans.js';
import { Retention } from './retention.js';

const DAYS = { patients: 90, audit: 730 };
const EVERYWHERE: TestIdentity = { role: 'dispatch', areas: [''], subject: 'lead' };

let world: PatientsWorld;
let database: Database;
let facility: string;
beforeAll(async () => {
  world = await patientsWorld();
  database = openDatabase(world.databases.patients.url);
  [facility] = (await facilitiesIn(world, COLOGNE)) as [string];
});
afterAll(async () => {
  await database.close();
  await world.close();
});

const run = () => new Retention(database, DAYS, world.clock.now).run();
const person = { name: 'Erika Mustermann', pzc: '332-60-2', category: 'SK_II', physician: true };
const erasedAt = async (id: string): Promise<Date | null> =>
  (await world.pool.query('SELECT erased_at FROM patient WHERE id = $1', [id])).rows[0].erased_at;
const close = (incident: string) =>
  done(world, EVERYWHERE, 'closeIncident', { incident, reason: 'Erika was found' });
const timeline = async (incident: string) =>
  (
    await world.pool.query<{ text: string }>(
      'SELECT text FROM incident_entry WHERE incident_id = $1 ORDER BY seq',
      [incident],
    )
  ).rows.map(({ text }) => text);

test('patients of a closed incident are pseudonymised 90 days later, and not a moment before', async () => {
  const incident = await newIncident(world);
  const open = await newIncident(world);
  const id = await newPatient(world, { incident }, person);
  const waiting = await newPatient(world, { incident: open }, person);
  await done(world, EVERYWHERE, 'escalateIncident', {
    incident,
    leadingArea: '053',
    reason: 'Erika',
  });
  await close(incident);
  const closed = world.clock.now;
  world.later(90 * DAY_MINUTES);
  await run();
  expect(await erasedAt(id)).toBeNull();
  expect(await timeline(incident)).toContain('Closed: Erika was found');
  world.clock.now = new Date(world.clock.now.getTime() + 1);
  await run();
  expect(await erasedAt(id)).toEqual(world.clock.now);
  expect(await erasedAt(waiting)).toBeNull();
  expect(await timeline(incident)).toEqual([
    'Declared: Train accident.',
    '1 casualties registered.',
    'Led by 053 from now on.',
    'Closed.',
  ]);
  const { rows } = await world.pool.query(
    `SELECT p.tag, p.pzc, i.patient_id AS sealed, a.by, a.operation, a.count FROM patient p
     LEFT JOIN patient_identity i ON i.patient_id = p.id
     JOIN audit_entry a ON a.patients @> ARRAY[p.id] AND a.action = 'ERASE' WHERE p.id = $1`,
    [id],
  );
  expect(rows).toEqual([
    {
      tag: expect.stringMatching(/^erased-[0-9a-f]{16}$/),
      pzc: '332xx2',
      sealed: null,
      by: 'clock',
      operation: 'retention',
      count: 1,
    },
  ]);
  const { data } = await world.request(
    'query ($id: ID!) { incident(id: $id) { closedAt casualties { category count } } }',
    { id: incident },
    DISPATCH,
  );
  expect(data.incident.closedAt).toBe(closed.toISOString());
  expect(data.incident.casualties).toContainEqual({ category: 'SK_II', count: 1 });
});

test('a patient without an incident is kept for as long after the registration', async () => {
  const id = await newPatient(world, { facility }, person, staffOf(facility));
  world.later(90 * DAY_MINUTES);
  await run();
  expect(await erasedAt(id)).toBeNull();
  world.later(1);
  await run();
  expect(await erasedAt(id)).toEqual(world.clock.now);
});

test('the retention of a patient in transfer begins when the transfer ends', async () => {
  const incident = await newIncident(world);
  const transfer = await requested(world, incident, facility, person);
  const { rows } = await world.pool.query('SELECT patient_id AS id FROM transfer WHERE id = $1', [
    transfer,
  ]);
  const { id } = rows[0];
  await close(incident);
  world.later(91 * DAY_MINUTES);
  await run();
  expect(await erasedAt(id)).toBeNull();
  await done(world, DISPATCH, 'cancelTransfer', { transfer, reason: 'Erika went home' });
  world.later(89 * DAY_MINUTES);
  await run();
  expect(await erasedAt(id)).toBeNull();
  world.later(2 * DAY_MINUTES);
  await run();
  expect(await erasedAt(id)).toEqual(world.clock.now);
  const steps = await world.pool.query(
    'SELECT FROM transfer_step WHERE transfer_id = $1 AND reason IS NOT NULL',
    [transfer],
  );
  expect(steps.rows).toEqual([]);
});

test('several replicas at once erase each patient once, and publish it once', async () => {
  const incident = await newIncident(world);
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push(await newPatient(world, { incident }, person));
  // More than one transaction takes.
  await world.pool.query(
    `INSERT INTO patient (tag, incident_id, area, category, by_physician, transport_priority, needs, ventilated,
       physician_escort, origin, registered_at, registered_by)
     SELECT 'many ' || n, $1, $2, 'SK_II', true, false, '{}', false, false, 'CIVILIAN', $3, 'x' FROM generate_series(1, 250) n`,
    [incident, COLOGNE, world.clock.now],
  );
  await close(incident);
  world.later(91 * DAY_MINUTES);
  await Promise.all([run(), run(), run()]);
  await run();
  const { rows } = await world.pool.query(
    `SELECT count(*)::int AS events, count(DISTINCT e.entity)::int AS patients FROM outbox_event e
     JOIN patient p ON p.id::text = e.entity WHERE p.incident_id = $1 AND e.topic = 'patients.patient-erased'`,
    [incident],
  );
  expect(rows).toEqual([{ events: 253, patients: 253 }]);
});

test('the reason for which a plan was discarded is removed as well', async () => {
  const incident = await newIncident(world);
  const patient = await newPatient(world, { incident }, person);
  const plan = await planOf(world, { incident }, [{ patient, facility }]);
  await done(world, DISPATCH, 'discardAllocation', { plan, reason: 'Erika went home' });
  const reason = async () =>
    (await world.pool.query('SELECT settled_reason FROM allocation_plan WHERE id = $1', [plan]))
      .rows[0].settled_reason;
  world.later(90 * DAY_MINUTES);
  await run();
  expect(await reason()).toBe('Erika went home');
  world.later(1);
  await run();
  expect(await reason()).toBeNull();
});

test('entries of the audit have a retention of their own', async () => {
  const entry = (by: string, daysAgo: number) =>
    world.pool.query(
      `INSERT INTO audit_entry (at, by, roles, action, found, patients, areas, facilities)
       VALUES ($1, $2, '{}', 'READ', true, '{}', '{}', '{}')`,
      [new Date(world.clock.now.getTime() - daysAgo * DAY_MS), by],
    );
  world.clock.now = new Date('2026-01-15T09:00:00.000Z');
  for (let n = 0; n < 150; n += 1) await entry('old reader', 731);
  await entry('young reader', 729);
  await run();
  const { rows } = await world.pool.query(
    `SELECT by FROM audit_entry WHERE by IN ('old reader', 'young reader')`,
  );
  expect(rows).toEqual([{ by: 'young reader' }]);
});

test('the timer of the subgraph runs the retention', async () => {
  const incident = await newIncident(world);
  const id = await newPatient(world, { incident }, person);
  await close(incident);
  world.later(91 * DAY_MINUTES);
  await until(async () => (await erasedAt(id)) !== null);
});
