import type { Pool } from 'pg';
import { BEDS_OF_KIND } from './rules.js';

/**
 * Facilities `f` that can be modelled, with their beds: those of which capacity knows some, and those of kinds ($1) of which beds are
 * assumed. Conditions follow.
 */
export const MODELLED_FACILITIES = `
SELECT f.id AS "facilityId", o.kind, o.intensive_beds AS "intensiveBeds", o.ward_beds AS "wardBeds"
FROM occupancy o JOIN facility f ON f.id = o.facility_id
WHERE (o.intensive_beds + o.ward_beds > 0 OR o.kind = ANY ($1::text[]))`;

/**
 * The kinds of facilities that are modelled by assumed beds: none while reports of beds are still coming in after a first start, because
 * a later one would give another number.
 */
export class AssumedKinds {
  readonly #db: Pool;
  #withBeds = 0;

  constructor({ pool }: { pool: Pool }) {
    this.#db = pool;
  }

  /** Returns the kinds once as many facilities as at the last call have beds. */
  async known(): Promise<string[]> {
    const { rows } = await this.#db.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM occupancy WHERE intensive_beds + ward_beds > 0',
    );
    const { count } = rows[0]!;
    const isComplete = count > 0 && count === this.#withBeds;
    this.#withBeds = count;
    return isComplete ? Object.keys(BEDS_OF_KIND) : [];
  }
}
