import type { Pool } from 'pg';
import { idOfKey, inTransaction, recordValues } from '../../../shared/database/index.js';
import type { Database } from '../database/database.js';
import { MODELLED_FACILITIES } from '../facilities/index.js';
import type { ModelledFacility } from '../facilities/rules.js';
import { lifelineColumns } from '../generated/columns.js';
import { withFailure } from './rules/reports.js';
import { modelledLifelines, seededLifeline } from './rules/seed.js';
import { STORE_MODELLED_LIFELINES } from './statements.js';

/** How many facilities are modelled in one transaction. */
const AT_ONCE = 500;

/** Facilities that can be modelled and of which no lifeline was modelled yet. */
const UNKNOWN_FACILITIES = {
  name: 'facilities-without-lifelines',
  text: `${MODELLED_FACILITIES}
  AND NOT EXISTS (SELECT FROM lifeline l WHERE l.facility_id = f.id AND l.method = 'MODELLED')
LIMIT $2`,
};

/**
 * Models the lifelines of facilities of which the beds are known, or the kind is one of these, and no lifeline was modelled yet, so that a hub without any
 * report shows a whole situation. Lifelines that somebody reported stay. Sends no events: nothing happened.
 */
export async function modelLifelines(
  { pool }: Database,
  kinds: readonly string[],
  now: Date,
): Promise<void> {
  let count: number;
  do {
    count = await modelSome(pool, kinds, now);
  } while (count === AT_ONCE);
}

async function modelSome(pool: Pool, kinds: readonly string[], now: Date): Promise<number> {
  const { rows } = await pool.query<ModelledFacility>({
    ...UNKNOWN_FACILITIES,
    values: [kinds, AT_ONCE],
  });
  if (rows.length === 0) return 0;
  const lifelines = rows.flatMap((facility) =>
    modelledLifelines(facility).map((modelled) => {
      const id = idOfKey(`lifeline ${facility.facilityId} ${modelled.kind}`);
      return withFailure(seededLifeline(id, facility.facilityId, modelled, now), now);
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
