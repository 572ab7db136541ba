import type { Pool } from 'pg';
import { HOUR_MS } from '../../../shared/time/rules.js';
import type { Database } from '../database/database.js';
import type { UndecidedFacility, FuelDemand } from './rules.js';

/** A failure after this time is planned with tomorrow's lorries. */
const HORIZON_HOURS = 72;

/** Facilities in area $1 whose generators run out of fuel before $2. */
const FUEL_NEEDS = {
  name: 'fuel-needs',
  text: `
SELECT l.facility_id AS facility, l.fails_at AS "failsAt", l.load, f.latitude, f.longitude,
  COALESCE(o.intensive_beds, 0) AS "intensiveBeds"
FROM lifeline l JOIN facility f ON f.id = l.facility_id LEFT JOIN occupancy o ON o.facility_id = l.facility_id
WHERE l.kind = 'GENERATOR_FUEL' AND starts_with(f.area, $1) AND l.fails_at < $2 AND l.load > 0
ORDER BY l.fails_at, l.facility_id`,
};

/**
 * Facilities in area $1 without the grid of which no hour is known at $2, those that have failed first, then those with most beds of
 * intensive care. Levels that are only modelled say nothing here: they have an hour.
 */
const FACILITIES_TO_DECIDE = {
  name: 'facilities-to-decide-on-fuel',
  text: `
WITH judged AS (
  SELECT f.id, CASE
      WHEN l.fails_at <= $2 AND COALESCE(l.load, 0) = 0 THEN 'GENERATORS_FAILED'
      WHEN l.fails_at IS NULL AND l.level IS NOT NULL AND l.load = 0 THEN 'NOTHING_DRAWN'
      WHEN l.fails_at IS NULL THEN 'FUEL_UNKNOWN'
    END AS reason, COALESCE(l.observed_at, m.observed_at) AS observed_at
  FROM facility f
  LEFT JOIN lifeline l ON l.facility_id = f.id AND l.kind = 'GENERATOR_FUEL'
  LEFT JOIN lifeline m ON m.facility_id = f.id AND m.kind = 'MAINS_POWER'
  WHERE starts_with(f.area, $1) AND CASE WHEN l.id IS NULL THEN NOT m.supplied ELSE NOT l.supplied END
)
SELECT j.id AS facility, j.reason, j.observed_at AS "observedAt", COALESCE(o.intensive_beds, 0) AS "intensiveBeds"
FROM judged j LEFT JOIN occupancy o ON o.facility_id = j.id
WHERE j.reason IS NOT NULL
ORDER BY j.reason <> 'GENERATORS_FAILED', COALESCE(o.intensive_beds, 0) DESC, j.observed_at, j.id`,
};

/** Reads who needs fuel. */
export class FuelNeedStore {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  async of(area: string): Promise<FuelDemand[]> {
    const before = new Date(this.#now.getTime() + HORIZON_HOURS * HOUR_MS);
    const { rows } = await this.#db.query<FuelDemand>({ ...FUEL_NEEDS, values: [area, before] });
    return rows;
  }

  /** Returns the facilities of an area for which a person decides, because no hour is known of them. */
  async toDecide(area: string): Promise<UndecidedFacility[]> {
    const values = [area, this.#now];
    return (await this.#db.query<UndecidedFacility>({ ...FACILITIES_TO_DECIDE, values })).rows;
  }
}
