import type { Pool } from 'pg';
import {
  idOfKey,
  inTransaction,
  recordValues,
  selectionOf,
} from '../../../shared/database/index.js';
import type { Database } from '../database/database.js';
import { lifelineColumns, occupancyColumns } from '../generated/columns.js';
import type { Occupancy } from '../generated/prisma/client.js';
import { withFailure } from './rules/reports.js';
import { modelledLifelines, seededLifeline } from './rules/seed.js';
import { STORE_MODELLED_LIFELINES } from './statements.js';

/** How many facilities are modelled in one transaction. */
const AT_ONCE = 500;

/** Facilities with beds of which no lifeline is known. */
const UNKNOWN_FACILITIES = {
  name: 'facilities-without-lifelines',
  text: `SELECT ${selectionOf(occupancyColumns, 'o')} FROM occupancy o JOIN facility f ON f.id = o.facility_id
WHERE o.intensive_beds + o.ward_beds > 0
  AND NOT EXISTS (SELECT FROM lifeline l WHERE l.facility_id = o.facility_id AND l.method = 'MODELLED')
LIMIT $1`,
};

/**
 * Models the lifelines of facilities of which the beds are known and no lifeline was modelled yet, so that a hub without any report shows
 * a whole situation. Lifelines that somebody reported stay. Sends no events: nothing happened.
 */
export async function modelLifelines({ pool }: Database, now: Date): Promise<void> {
  let count: number;
  do {
    count = await modelSome(pool, now);
  } while (count === AT_ONCE);
}

async function modelSome(pool: Pool, now: Date): Promise<number> {
  const { rows } = await pool.query<Occupancy>({ ...UNKNOWN_FACILITIES, values: [AT_ONCE] });
  if (rows.length === 0) return 0;
  const lifelines = rows.flatMap((occupancy) =>
    modelledLifelines(occupancy).map((modelled) => {
      const id = idOfKey(`lifeline ${occupancy.facilityId} ${modelled.kind}`);
      return withFailure(seededLifeline(id, occupancy.facilityId, modelled, now), now);
    }),
  );
  return inTransaction(pool, async (db) => {
    const { rowCount } = await db.query({
      ...STORE_MODELLED_LIFELINES,
      values: recordValues(lifelineColumns, lifelines),
    });
    // Where all of them were reported nothing is stored, and they would be found again.
    return rowCount === 0 ? 0 : rows.length;
  });
}
