import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { arrayOf, rowLoader } from '../database/index.js';
import { statedOutage } from '../errors/index.js';
import { readReference } from '../subgraph/index.js';
import { isUuid } from '../validation/rules.js';

/** A reference to a facility of capacity, which resolves every other field. */
export interface FacilityRef {
  id: string;
}

interface FacilityRow {
  id: string;
  area: string;
  siteNumber: string | null;
  ik: string | null;
}

const NOT_KNOWN_YET =
  'The facilities are not known yet, because the capacity service has not been available since this service started for the first time. Try again in some seconds.';

/** The facilities of the directory, see FacilityDirectory. */
export class FacilityStore {
  readonly #db: Pool;
  readonly #byId: DataLoader<string, FacilityRow | undefined>;

  constructor({ pool }: { pool: Pool }) {
    this.#db = pool;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
  }

  /** Returns the AGS of the facility's Kreis; undefined when there is no such facility. Throws SERVICE_UNAVAILABLE before any is known. */
  async areaOf(id: string): Promise<string | undefined> {
    return (await this.#byId.load(id))?.area;
  }

  /** Returns the AGS of the Kreis of each facility that exists. Throws SERVICE_UNAVAILABLE before any is known. */
  async areasOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.#db.query<Pick<FacilityRow, 'id' | 'area'>>({
      name: 'areas-of-facilities',
      text: 'SELECT id, area FROM facility WHERE id = ANY($1::uuid[])',
      values: [arrayOf(ids.filter(isUuid))],
    });
    if (rows.length === 0) await this.#requireDirectory();
    return new Map(rows.map(({ id, area }) => [id, area]));
  }

  /** Returns the ids of the facilities that each reference names. */
  async idsOf(references: readonly string[]): Promise<Map<string, readonly string[]>> {
    const named = references.map(readReference);
    const { rows } = await this.#db.query<FacilityRow>({
      name: 'facilities-of-references',
      text: `SELECT id, area, site_number AS "siteNumber", ik FROM facility
        WHERE site_number = ANY($1) OR ik = ANY($2) ORDER BY site_number`,
      values: [
        named.flatMap((one) => ('siteNumber' in one ? one.siteNumber : [])),
        named.flatMap((one) => ('ik' in one ? one.ik : [])),
      ],
    });
    if (rows.length === 0) await this.#requireDirectory();
    const idsOf = (reference: string) => {
      const one = readReference(reference);
      return rows.filter((row) =>
        'siteNumber' in one ? row.siteNumber === one.siteNumber : row.ik === one.ik,
      );
    };
    return new Map(
      references.map((reference) => [reference, idsOf(reference).map(({ id }) => id)]),
    );
  }

  async #load(ids: readonly string[]): Promise<FacilityRow[]> {
    const { rows } = await this.#db.query<FacilityRow>({
      name: 'facilities-by-id',
      text: 'SELECT id, area, site_number AS "siteNumber", ik FROM facility WHERE id = ANY($1)',
      values: [ids.filter(isUuid)],
    });
    if (rows.length === 0) await this.#requireDirectory();
    return rows;
  }

  /** An unknown facility is one that does not exist only where the directory has been filled. */
  async #requireDirectory(): Promise<void> {
    const { rows } = await this.#db.query<{ known: boolean }>(
      'SELECT EXISTS (SELECT FROM facility_directory) AS known',
    );
    if (rows[0]?.known) return;
    throw statedOutage(NOT_KNOWN_YET);
  }
}
