import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Database } from '../database/database.js';
import type { BedCategory } from '../generated/graphql.js';
import { cursorOf, placeOf } from './disagreement-cursor.js';
import { FRESH_HOURS, staleAtOf, tierOf, type SourceReport } from './rules.js';
import { DISAGREEMENTS, NEWEST_OF_SOURCES } from './source-statements.js';
import type { PlaceRow } from './store.js';

/** A report beside others, and whether it is the one that counts. */
export interface JudgedReport extends SourceReport {
  staleAt: Date;
  inForce: boolean;
}

/** Beds of which sources disagree; what they say is read when it is asked for. */
export interface DisagreeingBeds {
  facility: string;
  category: BedCategory;
}

export interface DisagreementPage {
  edges: { cursor: string; node: DisagreeingBeds }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

/** What each source says, out of the history of reports; nothing is kept for it twice. */
export class SourceStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #ofBeds: DataLoader<PlaceRow, JudgedReport[], string>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#ofBeds = new DataLoader((places) => this.#load(places), {
      cacheKeyFn: ({ facility, category }) => `${facility} ${category}`,
    });
  }

  /** The newest report of each source, where it is fresh or in force; newest first. */
  of(beds: PlaceRow): Promise<JudgedReport[]> {
    return this.#ofBeds.load(beds);
  }

  /** Beds of which fresh reports of several sources state different numbers; with `modelled` those of models, too. */
  async disagreements(
    area: string,
    modelled: boolean,
    first: number,
    after: string | null | undefined,
  ): Promise<DisagreementPage> {
    const start = after == null ? undefined : placeOf(after);
    const categories = Object.keys(FRESH_HOURS) as BedCategory[];
    const { rows } = await this.#db.query<DisagreeingBeds & { value: number; id: string }>({
      name: 'disagreements',
      text: DISAGREEMENTS,
      values: [
        area,
        categories,
        categories.map((category) => this.#freshSince(category)),
        modelled,
        start?.value ?? Number.NEGATIVE_INFINITY,
        start?.id ?? '',
        first + 1,
      ],
    });
    const edges = rows.slice(0, first).map(({ facility, category, value, id }) => ({
      cursor: cursorOf({ value, id }),
      node: { facility, category },
    }));
    return {
      edges,
      hasNextPage: rows.length > first,
      hasPreviousPage: start !== undefined,
    };
  }

  #freshSince(category: BedCategory): string {
    return new Date(this.#now.getTime() - FRESH_HOURS[category] * 3_600_000).toISOString();
  }

  async #load(places: readonly PlaceRow[]): Promise<JudgedReport[][]> {
    const { rows } = await this.#db.query<SourceReport & { place: number }>({
      name: 'newest-of-sources',
      text: NEWEST_OF_SOURCES,
      values: [
        places.map(({ facility }) => facility),
        places.map(({ category }) => category),
        places.map(({ category }) => this.#freshSince(category)),
        places.map(({ provenance }) => provenance?.observedAt.toISOString() ?? null),
      ],
    });
    const reports = places.map((): JudgedReport[] => []);
    for (const { place, ...report } of rows) {
      const beds = places[place]!;
      const staleAt = staleAtOf(beds.category, report.observedAt);
      const inForce = isInForce(report, beds);
      if (inForce || staleAt > this.#now) reports[place]!.push({ ...report, staleAt, inForce });
    }
    return reports;
  }
}

function isInForce(report: SourceReport, { provenance }: PlaceRow): boolean {
  return (
    provenance?.source === report.source &&
    tierOf(provenance.method) === tierOf(report.method) &&
    provenance.observedAt.getTime() === report.observedAt.getTime()
  );
}
