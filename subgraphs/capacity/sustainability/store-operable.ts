import type { Pool } from 'pg';
import type { Database } from '../database/database.js';
import type { BedCategory } from '../generated/graphql.js';

/** The operable beds of one category in the report that was in force at an instant, and when it was observed. */
export interface OperableBedsRow {
  category: BedCategory;
  operable: number;
  observedAt: Date;
}

/**
 * The beds of facility $1 that count at $2, as the report says that was in force at $3: the one in force now, if it was observed by
 * then; otherwise the newest of that time, the facility's own word before a modelled one.
 */
const OPERABLE_AT = `
SELECT b.category, r.operable, r.observed_at AS "observedAt"
FROM beds_of(ARRAY[$1]::uuid[], enum_range(NULL::"BedCategory"), $2) b
CROSS JOIN LATERAL (
  SELECT b.operable, b.observed_at WHERE b.observed_at <= $3
  UNION ALL (
    SELECT p.operable, p.observed_at FROM bed_report p
    WHERE b.observed_at > $3 AND p.facility_id = b.facility_id AND p.category = b.category AND p.observed_at <= $3
    ORDER BY p.method = 'MODELLED', p.observed_at DESC, p.received_at LIMIT 1
  )
) r
WHERE b.operable IS NOT NULL AND r.operable IS NOT NULL ORDER BY b.category`;

/** Reads how many beds were operable at an instant in the past. */
export class OperableBedsStore {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  /** Returns the beds of each category that the facility reports and that was reported by then. */
  async at(facility: string, instant: Date): Promise<OperableBedsRow[]> {
    const { rows } = await this.#db.query<OperableBedsRow>({
      name: 'operable-beds-at',
      text: OPERABLE_AT,
      values: [facility, this.#now, instant],
    });
    return rows;
  }
}
