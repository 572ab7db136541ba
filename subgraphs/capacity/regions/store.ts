import DataLoader from 'dataloader';
import { Prisma, type Region as RegionRow } from '../generated/prisma/client.js';
import type { BedCategory, BedStatus, RegionLevel } from '../generated/graphql.js';
import type { Database } from '../database.js';

export type { RegionRow };

/** Sums of one category over one region. */
export interface RegionSum {
  category: BedCategory;
  operable: number | null;
  occupied: number | null;
  free: number | null;
  facilities: number;
  reporting: number;
  stale: number;
  statuses: { status: BedStatus; facilities: number }[];
}

interface SumRow extends Omit<RegionSum, 'statuses'> {
  code: string;
  available: number;
  limited: number;
  unavailable: number;
  not_reported: number;
}

/** How a facility's row tells the region of each level that it lies in. */
const CODE_OF: Record<RegionLevel, Prisma.Sql> = {
  COUNTRY: Prisma.sql`'DE'`,
  KLEEBLATT: Prisma.sql`f.kleeblatt::text`,
  LAND: Prisma.sql`left(f.area, 2)`,
  REGIERUNGSBEZIRK: Prisma.sql`left(f.area, 3)`,
  KREIS: Prisma.sql`f.area`,
};

export class RegionStore {
  readonly #prisma: Database['prisma'];
  readonly #now: Date;
  readonly #sums: DataLoader<RegionRow, RegionSum[], string>;

  constructor({ prisma }: Database, now: Date) {
    this.#prisma = prisma;
    this.#now = now;
    this.#sums = new DataLoader((regions) => this.#sum(regions), {
      cacheKeyFn: ({ code }) => code,
    });
  }

  find(code: string): Promise<RegionRow | null> {
    return this.#prisma.region.findUnique({ where: { code } });
  }

  ofLevel(level: RegionLevel): Promise<RegionRow[]> {
    return this.#prisma.region.findMany({ where: { level }, orderBy: { code: 'asc' } });
  }

  /** The categories that facilities of the region have, in the order of the schema. */
  beds(region: RegionRow): Promise<RegionSum[]> {
    return this.#sums.load(region);
  }

  /** One statement per level that is asked for, however many regions. */
  async #sum(regions: readonly RegionRow[]): Promise<RegionSum[][]> {
    const sums = new Map<string, RegionSum[]>(regions.map(({ code }) => [code, []]));
    for (const level of new Set(regions.map((region) => region.level))) {
      const codes = regions.filter((region) => region.level === level).map(({ code }) => code);
      for (const { code, ...row } of await this.#sumOfLevel(level, codes))
        sums.get(code)!.push(regionSum(row));
    }
    return regions.map(({ code }) => sums.get(code)!);
  }

  #sumOfLevel(level: RegionLevel, codes: string[]): Promise<SumRow[]> {
    return this.#prisma.$queryRaw<SumRow[]>`
      SELECT ${CODE_OF[level]} AS code, b.category::text AS category,
        sum(b.operable)::int AS operable, sum(b.occupied)::int AS occupied, sum(b.free)::int AS free,
        count(*)::int AS facilities, count(b.operable)::int AS reporting,
        (count(b.operable) FILTER (WHERE b.stale))::int AS stale,
        (count(*) FILTER (WHERE b.status = 'AVAILABLE'))::int AS available,
        (count(*) FILTER (WHERE b.status = 'LIMITED'))::int AS limited,
        (count(*) FILTER (WHERE b.status = 'UNAVAILABLE'))::int AS unavailable,
        (count(*) FILTER (WHERE b.status = 'NOT_REPORTED'))::int AS not_reported
      FROM beds_at(${this.#now}) b JOIN facility f ON f.id = b.facility_id
      WHERE ${CODE_OF[level]} = ANY(${codes})
      GROUP BY 1, b.category ORDER BY b.category`;
  }
}

function regionSum({
  available,
  limited,
  unavailable,
  not_reported,
  ...sum
}: Omit<SumRow, 'code'>): RegionSum {
  return {
    ...sum,
    statuses: [
      { status: 'AVAILABLE', facilities: available },
      { status: 'LIMITED', facilities: limited },
      { status: 'UNAVAILABLE', facilities: unavailable },
      { status: 'NOT_REPORTED', facilities: not_reported },
    ],
  };
}
