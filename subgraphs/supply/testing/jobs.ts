import { CLOCK_MS, type SupplyWorld } from './supply-world.js';

/** Lets the timers work, 10 seconds apart, until every job of supply is done. */
export async function untilDone(world: SupplyWorld): Promise<void> {
  for (;;) {
    world.later(1 / 6);
    await world.elapse(CLOCK_MS);
    const { rowCount } = await world.pool.query('SELECT FROM job WHERE done_at IS NULL');
    if (rowCount === 0) return;
  }
}
