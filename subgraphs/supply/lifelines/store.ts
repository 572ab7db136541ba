import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { cursorCodec, pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { LifelineFilter } from '../generated/graphql.js';
import type { Lifeline } from '../generated/prisma/client.js';
import { fewHolders } from '../organisations/index.js';
import type { LifelineVisibility } from './visibility.js';
import { asOf } from './rules/reports.js';
import type { ReportRow } from './rows.js';
import {
  LIFELINE_PAGE,
  LIFELINES_BY_ID,
  LIFELINES_OF_FACILITIES,
  REPORTED_DEMANDS,
  REPORTS_OF_LIFELINES,
} from './statements.js';

/** Reports of the last hours are shown beside a lifeline. */
const REPORT_HOURS = 24;

/** A page of lifelines in the order of their failure, `Lifeline.listedAt`. */
export type LifelinePage = PageSlice<Lifeline>;

/** Where a page begins: the instant by which the entry before is listed, and its id; none stands behind all others. */
interface FailurePosition {
  listedAt: Date | null;
  id: string;
}

/** Oxygen that the patients in reported beds need. */
interface ReportedDemand {
  facilityId: string;
  reportedDemand: number | null;
}

const failureCursor = cursorCodec<FailurePosition>({
  textOf: ({ listedAt, id }) => `${listedAt?.toISOString() ?? ''} ${id}`,
  positionOf(text) {
    const [instant, id, ...others] = text.split(' ');
    const listedAt = instant ? new Date(instant) : null;
    const isPosition = others.length === 0 && id !== undefined && isUuid(id);
    return isPosition && !Number.isNaN(listedAt?.getTime() ?? 0) ? { listedAt, id } : undefined;
  },
});

export class LifelineStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, Lifeline | undefined>;
  readonly #ofFacility: DataLoader<string, Lifeline[]>;
  readonly #demand: DataLoader<string, ReportedDemand | undefined>;
  readonly #reports = new Map<number, DataLoader<string, ReportRow[]>>();

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(LIFELINES_BY_ID, ids),
      ({ id }) => id,
    );
    this.#ofFacility = listLoader(
      (facilities) => this.#load(LIFELINES_OF_FACILITIES, facilities),
      ({ facilityId }) => facilityId,
    );
    this.#demand = rowLoader(
      async (facilities) =>
        (await pool.query<ReportedDemand>({ ...REPORTED_DEMANDS, values: [facilities] })).rows,
      ({ facilityId }) => facilityId,
    );
  }

  /** A lifeline that is known to exist. */
  async get(id: string): Promise<Lifeline> {
    const lifeline = await this.#byId.load(id);
    if (!lifeline) throw new Error(`Lifeline ${id} has vanished.`);
    return lifeline;
  }

  /** The lifelines of a facility, in the order of the schema. */
  of(facility: string): Promise<Lifeline[]> {
    return this.#ofFacility.load(facility);
  }

  /** The oxygen that the patients in the beds need that a facility reported, in cubic metres per hour; null where it reported none. */
  async reportedDemandOf(facility: string): Promise<number | null> {
    return (await this.#demand.load(facility))?.reportedDemand ?? null;
  }

  /** The newest reports on a lifeline of the last hours, at most `length`. */
  reportsOn(id: string, length: number): Promise<ReportRow[]> {
    const since = new Date(this.#now.getTime() - REPORT_HOURS * HOUR_MS);
    let loader = this.#reports.get(length);
    if (!loader) {
      loader = listLoader(
        async (ids) =>
          (
            await this.#db.query<ReportRow>({
              ...REPORTS_OF_LIFELINES,
              values: [ids, since, length],
            })
          ).rows,
        ({ lifelineId }) => lifelineId,
      );
      this.#reports.set(length, loader);
    }
    return loader.load(id);
  }

  /** Reads many at once, before each is read by itself. A read that fails here fails again there. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** A page of those that the caller may see: those that failed first, then the first to fail. */
  async page(
    { area, kind, below, statuses, methods, concerns }: LifelineFilter,
    { facilities, areas }: LifelineVisibility,
    length: number,
    after: string | null | undefined,
  ): Promise<LifelinePage> {
    const start = failureCursor.read(after);
    const meant = {
      area: area || null,
      ids: facilities.filter(isUuid),
      facilityAreas: areas,
      organisationAreas: [],
    };
    const isOfAll = areas.includes('') && meant.area === null;
    const before = below == null ? null : new Date(this.#now.getTime() + below * HOUR_MS);
    const { rows } = await this.#db.query<Lifeline>(LIFELINE_PAGE, [
      area ?? null,
      kind ?? null,
      before,
      meant.ids,
      areas,
      start?.listedAt ?? null,
      start?.id ?? null,
      length + 1,
      statuses ?? null,
      this.#now,
      methods ?? null,
      isOfAll ? null : await fewHolders(this.#db, meant),
      concerns ?? null,
    ]);
    return pageOf(rows, length, {
      cursorOf: failureCursor.write,
      nodeOf: (row: Lifeline) => asOf(row, this.#now),
      hasPreviousPage: start !== undefined,
    });
  }

  async #load(statement: typeof LIFELINES_BY_ID, ids: readonly string[]): Promise<Lifeline[]> {
    const { rows } = await this.#db.query<Lifeline>({ ...statement, values: [ids.filter(isUuid)] });
    return rows.map((row) => asOf(row, this.#now));
  }
}
