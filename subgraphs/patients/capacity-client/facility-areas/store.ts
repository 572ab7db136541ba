import type { Pool } from 'pg';
import { CapacityAway, type CapacityLink } from '../client.js';
import type { Database } from '../../database/database.js';
import { isId } from '../../access/visibility.js';

const AREA_OF_FACILITY = 'query AreaOfFacility($id: ID!) { facility(id: $id) { area } }';

/** A facility by its id: capacity answers for the rest. */
export interface FacilityRef {
  id: string;
}

/** A new edition of the reference data can move a facility to another Kreis. */
const KEPT_FOR_MS = 24 * 60 * 60_000;

interface KeptPlace {
  area: string;
  keptAt: Date | null;
}

/**
 * Where capacity's facilities lie. Answers are kept, because rights must be judged while capacity is away; after a day they
 * are asked for again.
 */
export class FacilityStore {
  readonly #db: Pool;
  readonly #capacity: CapacityLink;
  readonly #now: Date;

  constructor({ pool }: Database, capacity: CapacityLink, now: Date) {
    this.#db = pool;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** AGS of the facility's Kreis; undefined when there is no such facility. Throws CapacityAway. */
  async areaOf(id: string): Promise<string | undefined> {
    if (!isId(id)) return undefined;
    const kept = await this.#kept(id);
    const keptSince = kept?.keptAt?.getTime() ?? 0;
    if (kept && this.#now.getTime() - keptSince < KEPT_FOR_MS) return kept.area;
    try {
      return await this.#asked(id);
    } catch (error) {
      if (kept && error instanceof CapacityAway) return kept.area;
      throw error;
    }
  }

  async #kept(id: string): Promise<KeptPlace | undefined> {
    const { rows } = await this.#db.query<KeptPlace>({
      name: 'facility-place',
      text: 'SELECT area, kept_at AS "keptAt" FROM facility_place WHERE id = $1',
      values: [id],
    });
    return rows[0];
  }

  async #asked(id: string): Promise<string | undefined> {
    const { facility } = await this.#capacity.ask<{ facility: { area: string } | null }>(
      AREA_OF_FACILITY,
      { id },
    );
    if (!facility) return undefined;
    await this.#db.query({
      name: 'keep-facility-place',
      text: `INSERT INTO facility_place (id, area, kept_at) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET area = excluded.area, kept_at = excluded.kept_at`,
      values: [id, facility.area, this.#now],
    });
    return facility.area;
  }
}
