import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { cursorCodec, pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { LifelineFilter } from '../generated/graphql.js';
import type { Lifeline } from '../generated/prisma/client.js';
import { fewHolders } from '../organisations/index.js';
import type { LifelineVisibility } from './visibility.js';
import { asOf } from './rules/reports.js';
import { LIFELINE_PAGE, LIFELINES_BY_ID, LIFELINES_OF_FACILITIES } from './statements.js';

/** A page of lifelines in the order of their failure, `Lifeline.listedAt`. */
export type LifelinePage = PageSlice<Lifeline>;

/** Where a page begins: the instant by which the entry before is listed, and its id; none stands behind all others. */
interface FailurePosition {
  listedAt: Date | null;
  id: string;
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

  /** Reads many at once, before each is read by itself. A read that fails here fails again there. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** A page of those that the caller may see: those that failed first, then the first to fail. */
  async page(
    { area, kind, below, statuses, methods }: LifelineFilter,
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
    const before = below == null ? null : new Date(this.#now.getTime() + below * 3_600_000);
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
