import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import type { Database } from '../database/database.js';
import type { BedCategory } from '../generated/graphql.js';
import type { BedReport } from '../generated/prisma/client.js';
import { disagreementCursor, type DisagreementPosition } from './disagreement-cursor.js';
import { FRESH_HOURS, staleAtOf, tierOf } from './rules.js';
import { DISAGREEMENTS, NEWEST_OF_SOURCES } from './statements-sources.js';
import type { BedsInForce } from './store.js';

/** A report beside others, and whether it is the one that counts. */
export type JudgedReport = BedReport & { staleAt: Date; inForce: boolean };

/** Beds of which sources disagree; what they say is read when it is requested. */
export type DisagreeingBeds = Pick<BedReport, 'facilityId' | 'category'>;

export type DisagreementPage = PageSlice<DisagreeingBeds>;

/** Reads the reports of each source from the history of reports; nothing is kept for it twice. */
export class SourceStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #ofBeds: DataLoader<BedsInForce, JudgedReport[], string>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#ofBeds = new DataLoader((beds) => this.#load(beds), {
      cacheKeyFn: ({ facilityId, category }) => `${facilityId} ${category}`,
    });
  }

  /** The newest report of each source, where it is fresh or in force; newest first. */
  of(beds: BedsInForce): Promise<JudgedReport[]> {
    return this.#ofBeds.load(beds);
  }

  /** Beds of which fresh reports of several sources state different numbers; with `modelled` those of models, too. */
  async disagreements(
    area: string,
    modelled: boolean,
    first: number,
    after: string | null | undefined,
  ): Promise<DisagreementPage> {
    const start = disagreementCursor.read(after);
    const categories = Object.keys(FRESH_HOURS) as BedCategory[];
    const { rows } = await this.#db.query<DisagreeingBeds & DisagreementPosition>({
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
    return pageOf(rows, first, {
      cursorOf: ({ value, id }) => disagreementCursor.write({ value, id }),
      nodeOf: ({ facilityId, category }) => ({ facilityId, category }),
      hasPreviousPage: start !== undefined,
    });
  }

  #freshSince(category: BedCategory): string {
    return new Date(this.#now.getTime() - FRESH_HOURS[category] * HOUR_MS).toISOString();
  }

  async #load(requested: readonly BedsInForce[]): Promise<JudgedReport[][]> {
    const { rows } = await this.#db.query<BedReport & { position: number }>({
      name: 'newest-of-sources',
      text: NEWEST_OF_SOURCES,
      values: [
        requested.map(({ facilityId }) => facilityId),
        requested.map(({ category }) => category),
        requested.map(({ category }) => this.#freshSince(category)),
        requested.map(({ observedAt }) => observedAt?.toISOString() ?? null),
      ],
    });
    const reports = requested.map((): JudgedReport[] => []);
    for (const { position, ...report } of rows) {
      const staleAt = staleAtOf(report.category, report.observedAt);
      const inForce = isInForce(report, requested[position]!);
      if (inForce || staleAt > this.#now) reports[position]!.push({ ...report, staleAt, inForce });
    }
    return reports;
  }
}

function isInForce(report: BedReport, beds: BedsInForce): boolean {
  return (
    beds.source === report.source &&
    tierOf(beds.method) === tierOf(report.method) &&
    beds.observedAt.getTime() === report.observedAt.getTime()
  );
}
