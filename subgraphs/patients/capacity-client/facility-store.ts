import type { ClientBase, Pool } from 'pg';
import {
  orUnavailable,
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../shared/subgraph-client/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { AreaOfFacilityDocument, ReferencedFacilitiesDocument } from './generated/operations.js';
import type { FacilityArea } from '../generated/prisma/client.js';
import { readReference } from '../../../shared/subgraph/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';

/** A reference to a facility of capacity, which resolves every other field. */
export interface FacilityRef {
  id: string;
}

/** A new edition of the reference data can move a facility to another Kreis. */
const VALID_FOR_MS = DAY_MS;

type StoredArea = Pick<FacilityArea, 'area' | 'keptAt'>;
const REFERENCE_UNKNOWN =
  'The facility cannot be found by its site number or IK now, because the capacity service is unavailable. Name it by `Facility.id`, or try again soon.';

interface StoredSite extends Pick<FacilityArea, 'id' | 'keptAt'> {
  siteNumber: string;
}

/**
 * The Kreise in which capacity's facilities lie, and their site numbers. They are stored, because rights must be judged while
 * capacity is unavailable, and requested again after a day.
 */
export class FacilityStore {
  readonly #db: Pool;
  readonly #capacity: SubgraphClient;
  readonly #now: Date;

  constructor({ pool }: Database, capacity: SubgraphClient, now: Date) {
    this.#db = pool;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** Returns the AGS of the facility's Kreis; undefined when there is no such facility. Throws SubgraphUnavailable. */
  async areaOf(id: string): Promise<string | undefined> {
    if (!isUuid(id)) return undefined;
    const stored = await this.#stored(id);
    if (stored && this.#isValid(stored.keptAt)) return stored.area;
    try {
      return await this.#request(id);
    } catch (error) {
      if (stored && error instanceof SubgraphUnavailable) return stored.area;
      throw error;
    }
  }

  /**
   * Returns the ids of the facilities that each reference names. Those of site numbers are stored too; only capacity knows whether
   * an IK has one site.
   */
  async idsOf(references: readonly string[]): Promise<Map<string, readonly string[]>> {
    const stored = await this.#storedSites(references);
    const recent = [...stored].filter(([, { keptAt }]) => this.#isValid(keptAt));
    const known = new Map(recent.map(([reference, { id }]) => [reference, [id]]));
    const others = references.filter((reference) => !known.has(reference));
    if (others.length === 0) return known;
    try {
      return new Map([...known, ...(await this.#requestSites(others))]);
    } catch (error) {
      if (!(error instanceof SubgraphUnavailable) || !others.every((one) => stored.has(one))) {
        return orUnavailable(REFERENCE_UNKNOWN, () => Promise.reject(error as Error));
      }
      return new Map([...stored].map(([reference, { id }]) => [reference, [id]]));
    }
  }

  async #storedSites(references: readonly string[]): Promise<Map<string, StoredSite>> {
    const { rows } = await this.#db.query<StoredSite>({
      name: 'facilities-of-site-numbers',
      text: `SELECT id, site_number AS "siteNumber", kept_at AS "keptAt" FROM facility_place
        WHERE site_number = ANY($1) ORDER BY kept_at NULLS FIRST`,
      values: [
        references.flatMap((reference) => {
          const named = readReference(reference);
          return 'siteNumber' in named ? named.siteNumber : [];
        }),
      ],
    });
    return new Map(rows.map((row) => [`site:${row.siteNumber}`, row]));
  }

  async #requestSites(references: readonly string[]): Promise<[string, string[]][]> {
    const data = await this.#capacity.request(ReferencedFacilitiesDocument, {
      references: [...references],
    });
    const found = (data.referencedFacilities ?? []).map(
      ({ reference, facilities }): [string, string[]] => [
        reference,
        facilities.map(({ id }) => id),
      ],
    );
    await this.#store(
      (data.referencedFacilities ?? []).flatMap(({ reference, facilities }) => {
        const named = readReference(reference);
        const siteNumber = 'siteNumber' in named ? named.siteNumber : null;
        return facilities.flatMap(({ id, area }) =>
          area === null ? [] : [{ id, area, siteNumber }],
        );
      }),
    );
    return found;
  }

  #isValid(keptAt: Date | null): boolean {
    return this.#now.getTime() - (keptAt?.getTime() ?? 0) < VALID_FOR_MS;
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
    await this.#store([{ id, area: facility.area, siteNumber: facility.siteNumber }]);
    return facility.area;
  }

  /** In the order of ids, so that two requests that store several do not deadlock. */
  async #store(
    facilities: readonly { id: string; area: string; siteNumber: string | null }[],
  ): Promise<void> {
    await this.#db.query({
      name: 'store-facilities',
      text: `INSERT INTO facility_place (id, area, site_number, kept_at)
        SELECT DISTINCT ON (id) id, area, site_number, $4 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS f (id, area, site_number)
        ORDER BY id, site_number
        ON CONFLICT (id) DO UPDATE SET area = excluded.area, kept_at = excluded.kept_at,
          site_number = COALESCE(excluded.site_number, facility_place.site_number)`,
      values: [
        facilities.map(({ id }) => id),
        facilities.map(({ area }) => area),
        facilities.map(({ siteNumber }) => siteNumber),
        this.#now,
      ],
    });
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
