import type { Pool } from 'pg';
import type { CapacityLink } from '../capacity/link.js';
import type { Database } from '../database.js';
import { isId } from '../sight/sight.js';

const AREA_OF_FACILITY = 'query AreaOfFacility($id: ID!) { facility(id: $id) { area } }';

/** A facility by its id: capacity answers for the rest. */
export interface FacilityRef {
  id: string;
}

/** Where capacity's facilities lie. What was asked once is kept, because rights must be judged while capacity is away. */
export class FacilityStore {
  readonly #db: Pool;
  readonly #capacity: CapacityLink;

  constructor({ pool }: Database, capacity: CapacityLink) {
    this.#db = pool;
    this.#capacity = capacity;
  }

  /** AGS of the facility's Kreis; undefined when there is no such facility. Throws CapacityAway. */
  async areaOf(id: string): Promise<string | undefined> {
    if (!isId(id)) return undefined;
    return (await this.#kept(id)) ?? (await this.#asked(id));
  }

  async #kept(id: string): Promise<string | undefined> {
    const { rows } = await this.#db.query<{ area: string }>({
      name: 'facility-place',
      text: 'SELECT area FROM facility_place WHERE id = $1',
      values: [id],
    });
    return rows[0]?.area;
  }

  async #asked(id: string): Promise<string | undefined> {
    const { facility } = await this.#capacity.ask<{ facility: { area: string } | null }>(
      AREA_OF_FACILITY,
      { id },
    );
    if (!facility) return undefined;
    await this.#db.query({
      name: 'keep-facility-place',
      text: 'INSERT INTO facility_place (id, area) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET area = excluded.area',
      values: [id, facility.area],
    });
    return facility.area;
  }
}
