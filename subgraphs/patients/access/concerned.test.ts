import { randomUUID } from 'node:crypto';
import type { TransferStatus } from '../generated/graphql.js';
import { patientsWorld, type PatientsWorld } from '../testing/patients-world.js';
import { COLOGNE, newIncident, newPatient } from '../testing/casualties.js';
import { isDestinationConcerned, isOriginConcerned, RULES } from '../transfers/lifecycle/rules.js';

let world: PatientsWorld;
let patient: string;
const [from, to] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  world = await patientsWorld();
  patient = await newPatient(world, { incident: await newIncident(world) });
});
afterAll(() => world.close());

/** Every status that the rules lead to, and the initial one. */
const STATUSES: TransferStatus[] = [
  ...new Set([
    'REQUESTED' as const,
    ...Object.values(RULES).flatMap(({ paths }) =>
      Object.values(paths).flatMap((path) => Object.values(path).flat() as TransferStatus[]),
    ),
  ]),
];
const ON_THE_WAY_THERE = [false, true];

/** Returns the facilities that a patient concerns in the database, with a transfer in this status. */
async function concernedBy(status: TransferStatus, hasArrived: boolean): Promise<string[]> {
  const { rows } = await world.pool.query(
    `INSERT INTO transfer (kind, patient_id, status, status_at, from_facility, from_area, to_facility, created_at, created_by)
     VALUES ('SECONDARY', $1, $2::"TransferStatus", now(), $3, $4, $5, now(), 'x') RETURNING id`,
    [patient, status, from, COLOGNE, to],
  );
  if (hasArrived) {
    await world.pool.query(
      `INSERT INTO transfer_step (transfer_id, position, status, at, by) VALUES ($1, 1, 'ARRIVED', now(), 'x')`,
      [rows[0].id],
    );
  }
  const concerned = await world.pool.query('SELECT f FROM concerned_facilities($1) AS f', [
    patient,
  ]);
  await world.pool.query('DELETE FROM transfer_step WHERE transfer_id = $1', [rows[0].id]);
  await world.pool.query('DELETE FROM transfer WHERE id = $1', [rows[0].id]);
  return concerned.rows.map(({ f }) => f);
}

test('the rules cover every status', () => {
  expect(STATUSES).toHaveLength(16);
});

test.each(STATUSES.flatMap((status) => ON_THE_WAY_THERE.map((there) => [status, there] as const)))(
  'rules and database agree on the facilities that a transfer concerns in status %s, after the arrival: %p',
  async (status, hasArrived) => {
    const concerned = await concernedBy(status, hasArrived);
    expect({ from: concerned.includes(from), to: concerned.includes(to) }).toEqual({
      from: isOriginConcerned(status, hasArrived),
      to: isDestinationConcerned(status, hasArrived),
    });
  },
);
