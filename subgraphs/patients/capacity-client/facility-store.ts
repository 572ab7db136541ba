import type { ClientBase, Pool } from 'pg';
import { CapacityUnavailable, type CapacityClient } from './client.js';
import { AreaOfFacilityDocument } from './generated/operations.js';
import type { FacilityArea } from '../generated/prisma/client.js';
import type { Database } from '../database/database.js';
import { isId } from '../access/index.js';

/** A reference to a facility of capacity, which resolves every other field. */
export interface FacilityRef {
  id: string;
}

/** A new edition of the reference data can move a facility to another Kreis. */
const VALID_FOR_MS = 24 * 60 * 60_000;

type StoredArea = Pick<FacilityArea, 'area' | 'keptAt'>;

/**
 * The Kreise in which capacity's facilities lie. They are stored, because rights must be judged while capacity is unavailable,
 * and requested again after a day.
 */
export class FacilityStore {
  readonly #db: Pool;
  readonly #capacity: CapacityClient;
  readonly #now: Date;

  constructor({ pool }: Database, capacity: CapacityClient, now: Date) {
    this.#db = pool;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** Returns the AGS of the facility's Kreis; undefined when there is no such facility. Throws CapacityUnavailable. */
  async areaOf(id: string): Promise<string | undefined> {
    if (!isId(id)) return undefined;
    const stored = await this.#stored(id);
    const storedSince = stored?.keptAt?.getTime() ?? 0;
    if (stored && this.#now.getTime() - storedSince < VALID_FOR_MS) return stored.area;
    try {
      return await this.#request(id);
    } catch (error) {
      if (stored && error instanceof CapacityUnavailable) return stored.area;
      throw error;
    }
  }

  async #stored(id: string): Promise<StoredArea | undefined> {
    const { rows } = await this.#db.query<StoredArea>({
      name: 'area-of-facility',
      text: 'SELECT area, kept_at AS "keptAt" FROM facility_place WHERE id = $1',
      values: [id],
    });
    return rows[0];
  }

  async #request(id: string): Promise<string | undefined> {
    const { facility } = await this.#capacity.request(AreaOfFacilityDocument, { id });
    if (!facility || facility.area === null) return undefined;
    await this.#db.query({
      name: 'store-area-of-facility',
      text: `INSERT INTO facility_place (id, area, kept_at) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET area = excluded.area, kept_at = excluded.kept_at`,
      values: [id, facility.area, this.#now],
    });
    return facility.area;
  }
}

/**
 * Stores the areas of facilities that capacity has just returned, because rights are judged by them while it is unavailable. In
 * the order of ids, so that two transactions that store several do not deadlock.
 */
export async function keepFacilityAreas(
  db: ClientBase,
  facilities: readonly { facility: string; area: string }[],
): Promise<void> {
  await db.query({
    name: 'store-areas-of-facilities',
    text: `
INSERT INTO facility_place (id, area)
SELECT DISTINCT ON (id) id, area FROM unnest($1::uuid[], $2::text[]) AS f (id, area) ORDER BY id
ON CONFLICT (id) DO UPDATE SET area = excluded.area WHERE facility_place.area <> excluded.area`,
    values: [facilities.map(({ facility }) => facility), facilities.map(({ area }) => area)],
  });
}
