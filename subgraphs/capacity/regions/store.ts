import DataLoader from 'dataloader';
import { Prisma, type Region as RegionRow } from '../generated/prisma/client.js';
import type { BedCategory, BedStatus, Kleeblatt, RegionLevel } from '../generated/graphql.js';
import type { Database } from '../database/database.js';
import { asHeavyRead, listLoader, rowLoader } from '../../../shared/database/index.js';
import { overlap } from '../phases/rules.js';

export type { RegionRow };

/** Sums of one category over one region. */
export interface RegionSum {
  /** `Region.code`. */
  code: string;
  category: BedCategory;
  operable: number | null;
  modelled: number;
  occupied: number | null;
  reserved: number;
  held: number;
  free: number | null;
  facilities: number;
  reporting: number;
  stale: number;
  statuses: { status: BedStatus; facilities: number }[];
}

interface SumRow extends Omit<RegionSum, 'statuses'> {
  available: number;
  limited: number;
  unavailable: number;
  not_reported: number;
}

/** Sums over more regions than the largest Land has Kreise are a heavy read. */
const MOST_REGIONS = 100;

/** A Land and the Kleeblatt it belongs to. */
interface Land {
  area: string;
  kleeblatt: string;
}

/** The expression that reads the code of a facility's region from its row, per level. */
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
  readonly #byCode: DataLoader<string, RegionRow | undefined>;
  readonly #childrenOf: DataLoader<string, RegionRow[]>;
  readonly #sums: DataLoader<RegionRow, RegionSum[], string>;
  #lands: Promise<Land[]> | undefined;

  constructor({ prisma }: Database, now: Date) {
    this.#prisma = prisma;
    this.#now = now;
    this.#byCode = rowLoader(
      (codes) => this.#load(codes),
      ({ code }) => code,
    );
    this.#childrenOf = listLoader(
      (codes) => this.#loadChildren(codes),
      ({ parentCode }) => parentCode!,
    );
    const sum = (regions: readonly RegionRow[]) => this.#sum(regions);
    this.#sums = new DataLoader(
      (regions) => (regions.length > MOST_REGIONS ? asHeavyRead(() => sum(regions)) : sum(regions)),
      {
        cacheKeyFn: ({ code }) => code,
      },
    );
  }

  async find(code: string): Promise<RegionRow | null> {
    return (await this.#byCode.load(code)) ?? null;
  }

  /** Returns the region of an AGS prefix; empty is Germany. */
  ofArea(area: string): Promise<RegionRow | null> {
    return this.find(area || 'DE');
  }

  /** Returns the regions of the next smaller level that lie in the region, by code. */
  childrenOf({ code }: RegionRow): Promise<RegionRow[]> {
    return this.#childrenOf.load(code);
  }

  ofLevel(level: RegionLevel): Promise<RegionRow[]> {
    return this.#prisma.region.findMany({ where: { level }, orderBy: { code: 'asc' } });
  }

  /** Returns the regions of a level that lie within a region or are it, by code. */
  ofLevelWithin(level: RegionLevel, whole: RegionRow): Promise<RegionRow[]> {
    return this.#prisma.region.findMany({
      where: { level, ...within(whole) },
      orderBy: { code: 'asc' },
    });
  }

  /** The regions of a level that lie in an area, or around it. */
  async ofLevelIn(level: RegionLevel, area: string): Promise<RegionRow[]> {
    const regions = await this.ofLevel(level);
    const areas = await Promise.all(regions.map((region) => this.areasOf(region)));
    return regions.filter((_, n) => areas[n]!.some((own) => overlap(own, area)));
  }

  /** The AGS prefixes that a region consists of: its own, or those of its Länder. */
  async areasOf({ code, level }: RegionRow): Promise<string[]> {
    if (level === 'COUNTRY') return [''];
    if (level !== 'KLEEBLATT') return [code];
    this.#lands ??= this.#readLands();
    return (await this.#lands).filter((land) => land.kleeblatt === code).map(({ area }) => area);
  }

  /** The categories that facilities of the region have, in the order of the schema. */
  beds(region: RegionRow): Promise<RegionSum[]> {
    return this.#sums.load(region);
  }

  #load(codes: readonly string[]): Promise<RegionRow[]> {
    return this.#prisma.region.findMany({ where: { code: { in: [...codes] } } });
  }

  #loadChildren(codes: readonly string[]): Promise<RegionRow[]> {
    return this.#prisma.region.findMany({
      where: { parentCode: { in: [...codes] } },
      orderBy: { code: 'asc' },
    });
  }

  #readLands(): Promise<Land[]> {
    return this.#prisma.$queryRaw<Land[]>`
      SELECT DISTINCT left(area, 2) AS area, kleeblatt::text FROM facility ORDER BY area`;
  }

  /** One statement per level that is requested, however many regions. */
  async #sum(regions: readonly RegionRow[]): Promise<RegionSum[][]> {
    const sums = new Map<string, RegionSum[]>(regions.map(({ code }) => [code, []]));
    for (const level of new Set(regions.map((region) => region.level))) {
      const codes = regions.filter((region) => region.level === level).map(({ code }) => code);
      for (const row of await this.#sumOfLevel(level, codes))
        sums.get(row.code)!.push(regionSum(row));
    }
    return regions.map(({ code }) => sums.get(code)!);
  }

  #sumOfLevel(level: RegionLevel, codes: string[]): Promise<SumRow[]> {
    return this.#prisma.$queryRaw<SumRow[]>`
      SELECT ${CODE_OF[level]} AS code, b.category::text AS category,
        sum(b.operable)::int AS operable,
        COALESCE(sum(b.operable) FILTER (WHERE b.method = 'MODELLED'), 0)::int AS modelled,
        sum(b.occupied)::int AS occupied,
        sum(b.reserved)::int AS reserved, sum(b.held)::int AS held, sum(b.free)::int AS free,
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

/** Returns what the rows of the regions within a region have in common: an AGS begins with that of what it lies in. */
function within({ code, level }: RegionRow): Prisma.RegionWhereInput {
  if (level === 'COUNTRY') return {};
  return level === 'KLEEBLATT' ? { kleeblatt: code as Kleeblatt } : { code: { startsWith: code } };
}

function regionSum({ available, limited, unavailable, not_reported, ...sum }: SumRow): RegionSum {
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
