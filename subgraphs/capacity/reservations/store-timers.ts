import { inTransaction } from '../../../shared/database/index.js';
import { publish } from '../../../shared/outbox/index.js';
import { countedAs } from '../beds/index.js';
import type { Database } from '../database/database.js';
import { OCCUPIED_HOURS } from '../intake/rules.js';
import { minutesAfter } from './reserving/rules.js';
import { FINALIZE_LAPSED, FINALIZE_REPORTED, FINALIZE_TREATED } from './statements.js';
import { eventsOf, freedOf, type ChangedItem } from './reserving/index.js';

/** Publishes slots whose time has run out since the last call, from whatever process. */
export function publishLapsed({ pool }: Database, now: Date): Promise<void> {
  return inTransaction(pool, async (db) => {
    const lapsed = await db.query<ChangedItem>({
      name: 'finalize-lapsed',
      text: FINALIZE_LAPSED,
      values: [now],
    });
    const treated = await db.query<ChangedItem>({
      name: 'finalize-treated',
      text: FINALIZE_TREATED,
      values: [minutesAfter(now, -OCCUPIED_HOURS * 60)],
    });
    const counted = await countedAs(db, lapsed.rows, now);
    const items = lapsed.rows.map((item) => ({ ...item, countedAs: counted(item) }));
    await publish(db, [
      ...eventsOf('capacity.reservation-lapsed', 'capacity.beds-freed', items, now),
      ...freedOf('capacity.beds-freed', treated.rows, now),
    ]);
  });
}

/** Releases patients whom a report counts by now. Changes no number, only how much is read for one. */
export async function finalizeReported({ pool }: Database, now: Date): Promise<void> {
  await pool.query(FINALIZE_REPORTED, [now]);
}
