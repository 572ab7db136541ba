import type { ClientBase, Pool } from 'pg';
import { CapacityAway, type CapacityLink } from './client.js';
import type { Database } from '../database/database.js';
import { isId } from '../access/index.js';

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

/**
 * Keeps the areas of facilities that capacity has just named, because rights are judged by them while it is unavailable. In the
 * order of ids, so that two who keep several never wait in a circle.
 */
export async function keepFacilityAreas(
  db: ClientBase,
  facilities: readonly { facility: string; area: string }[],
): Promise<void> {
  await db.query({
    name: 'keep-facility-areas',
    text: `
INSERT INTO facility_place (id, area)
SELECT DISTINCT ON (id) id, area FROM unnest($1::uuid[], $2::text[]) AS f (id, area) ORDER BY id
ON CONFLICT (id) DO UPDATE SET area = excluded.area WHERE facility_place.area <> excluded.area`,
    values: [facilities.map(({ facility }) => facility), facilities.map(({ area }) => area)],
  });
}
