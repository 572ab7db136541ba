import type { Pool } from 'pg';
import type { Database } from '../database/database.js';
import type { FuelDemand } from './rules.js';

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

/** Reads who needs fuel. */
export class FuelNeedStore {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  async of(area: string): Promise<FuelDemand[]> {
    const before = new Date(this.#now.getTime() + HORIZON_HOURS * 3_600_000);
    const { rows } = await this.#db.query<FuelDemand>({ ...FUEL_NEEDS, values: [area, before] });
    return rows;
  }
}
