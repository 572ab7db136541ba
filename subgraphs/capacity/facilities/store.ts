import type DataLoader from 'dataloader';
import { Prisma, type Facility as FacilityRow } from '../generated/prisma/client.js';
import type { FacilityFilter } from '../generated/graphql.js';
import { pageOf, type Page } from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { rowLoader } from '../../../shared/database/index.js';
import { readReference } from '../../../shared/subgraph/index.js';
import type { Database } from '../database/database.js';
import { facilityCursors, type ListPosition } from './page.js';

/** A facility by its id; the rest is read when it is requested. */
export interface FacilityRef {
  id: string;
}

export type FacilityPage = Page<FacilityRef>;

export class FacilityStore {
  readonly #prisma: Database['prisma'];
  readonly #now: Date;
  readonly #byId: DataLoader<string, FacilityRow | undefined>;

  constructor({ prisma }: Database, now: Date) {
    this.#prisma = prisma;
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
  }

  find(id: string): Promise<FacilityRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns the ids of the facilities that each reference names, in the order of their site numbers. */
  async idsOf(references: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.#prisma.facility.findMany({
      where: { OR: references.map(readReference) },
      select: { id: true, siteNumber: true, ik: true },
      orderBy: { siteNumber: 'asc' },
    });
    const ids = new Map<string, string[]>(references.map((reference) => [reference, []]));
    for (const { id, siteNumber, ik } of rows) {
      ids.get(`site:${siteNumber}`)?.push(id);
      ids.get(`ik:${ik}`)?.push(id);
    }
    return ids;
  }

  /** Reads many at once, before each is read by itself. A read that fails here fails again there. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** The row of a facility that is known to exist. */
  async get({ id }: FacilityRef): Promise<FacilityRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Facility ${id} has vanished.`);
    return row;
  }

  async page(
    filter: FacilityFilter,
    first: number,
    after: string | null | undefined,
  ): Promise<FacilityPage> {
    const cursor = facilityCursors[filter.near ? 'distance' : 'age'];
    const start = cursor.read(after);
    const value = valueOf(filter);
    const where = this.#matching(filter);
    const rows = await this.#prisma.$queryRaw<ListPosition[]>`
      SELECT f.id, ${value} AS value FROM facility f
      WHERE ${where} AND ${start ? Prisma.sql`(${value}, f.id) > (${start.value}, ${start.id}::uuid)` : Prisma.sql`true`}
      ORDER BY value, f.id LIMIT ${first + 1}`;
    return {
      ...pageOf(rows, first, {
        cursorOf: cursor.write,
        nodeOf: ({ id }) => ({ id }),
        hasPreviousPage: start !== undefined,
      }),
      totalCount: async () => {
        const [row] = await this.#prisma.$queryRaw<{ count: number }[]>`
          SELECT count(*)::int AS count FROM facility f WHERE ${where}`;
        return row!.count;
      },
    };
  }

  #matching(filter: FacilityFilter): Prisma.Sql {
    const { area, kinds, capabilities, category, minFree, methods, near } = filter;
    const conditions: Prisma.Sql[] = [];
    if (area) conditions.push(Prisma.sql`starts_with(f.area, ${area})`);
    if (kinds) conditions.push(Prisma.sql`f.kind::text = ANY(${kinds})`);
    if (capabilities) conditions.push(Prisma.sql`${KNOWN_CAPABILITIES} @> ${capabilities}`);
    if (near) conditions.push(Prisma.sql`${kilometresFrom(near)} <= ${near.km}`);
    if (category != null || minFree != null || methods != null)
      conditions.push(this.#havingBeds(filter));
    return conditions.length ? Prisma.join(conditions, ' AND ') : Prisma.sql`true`;
  }

  /** With `minFree` stale numbers are left out: nobody may be sent to a bed that was free yesterday. */
  #havingBeds({ category, minFree, methods }: FacilityFilter): Prisma.Sql {
    return Prisma.sql`f.id IN (
      SELECT b.facility_id FROM beds_at(${this.#now}) b
      WHERE ${category == null ? Prisma.sql`true` : Prisma.sql`b.category::text = ${category}`}
        AND ${methods == null ? Prisma.sql`true` : Prisma.sql`b.method::text = ANY(${methods})`}
        AND ${minFree == null ? Prisma.sql`true` : Prisma.sql`(b.free >= ${minFree} AND NOT b.stale)`})`;
  }

  #load(ids: readonly string[]): Promise<FacilityRow[]> {
    return this.#prisma.facility.findMany({ where: { id: { in: ids.filter(isUuid) } } });
  }
}

/** Columns of what a map shows, and of what is declared. */
const KNOWN_CAPABILITIES = Prisma.sql`(f.capabilities::text[] || COALESCE(
  (SELECT d.capabilities::text[] FROM capability_declaration d WHERE d.id = f.declared_id), '{}'))`;

/** The value by which a list is ordered, before the id. */
function valueOf({ near }: FacilityFilter): Prisma.Sql {
  return near
    ? kilometresFrom(near)
    : Prisma.sql`(extract(epoch FROM f.created_at) * 1000)::float8`;
}

function kilometresFrom({
  latitude,
  longitude,
}: {
  latitude: number;
  longitude: number;
}): Prisma.Sql {
  return Prisma.sql`great_circle_km(${latitude}::float8, ${longitude}::float8, f.latitude, f.longitude)`;
}
