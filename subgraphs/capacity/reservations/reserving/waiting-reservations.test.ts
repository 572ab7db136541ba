import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import { facilitiesOf } from '../../testing/reports.js';
import { declareIntake, reserve, slotRequest } from '../../testing/reservations.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

/** Waits until somebody in this database waits for a row. */
async function lockWaits(): Promise<void> {
  for (;;) {
    const { rowCount } = await world.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rowCount) return;
  }
}

test('a reservation that waited is judged by the intake that was declared meanwhile', async () => {
  const [facility] = await facilitiesOf(world, '05');
  await declareIntake(world, facility!, { immediate: 5 });
  const other = await world.pool.connect();
  await other.query('BEGIN');
  await other.query('SELECT FROM facility WHERE id = $1 FOR NO KEY UPDATE', [facility]);
  const waiting = reserve(world, [
    slotRequest(facility!, { category: null, intake: 'SK_I', count: 5 }),
  ]);
  await lockWaits();
  // As another call writes it, which began later and was first.
  const later = new Date(world.clock.now.getTime() + 1_000);
  await other.query(
    `WITH declared AS (
       INSERT INTO intake_declaration (facility_id, source, method, valid_from, valid_until, declared_at, declared_by)
       VALUES ($1, 'duty manager', 'REPORTED', $2, $2::timestamptz + interval '1 day', $2, 'test') RETURNING id
     )
     INSERT INTO intake_number (declaration_id, position, category, weekdays, from_minute, to_minute, immediate,
                                after_alarm_plan, per_hour)
     SELECT id, 0, 'SK_I', '{}', 0, 1440, 2, 0, 0 FROM declared`,
    [facility, later],
  );
  await other.query('COMMIT');
  other.release();
  expect(await waiting).toMatchObject({ __typename: 'NoFreeSlot', shortfalls: [{ free: 2 }] });
});
