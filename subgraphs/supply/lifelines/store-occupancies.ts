import type { Pool } from 'pg';
import type { Logger } from 'pino';
import {
  inTransaction,
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  recordValues,
  runAlone,
  type StillAlone,
} from '../../../shared/database/index.js';
import { allNodes } from '../../../shared/graphql-client/index.js';
import {
  ExpiredCursorError,
  LastingOutages,
  readChanges,
  type SubgraphAddress,
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../shared/subgraph-client/index.js';
import {
  CapacityCursorDocument,
  OccupanciesDocument,
  OccupancyChangesDocument,
  type OccupiedBedsFragment,
} from '../capacity-client/index.js';
import type { Database } from '../database/database.js';
import { occupancyColumns } from '../generated/columns.js';
import type { Job } from '../../../shared/jobs/index.js';
import type { CapacityJobs } from '../bed-limits/index.js';
import { occupancyOf } from './rules/occupancy.js';
import { byDemand } from './rules/reports.js';
import { changeLifelines } from './store-changes.js';

const PAGE = 250;
/** The work that only one process of supply does at a time (`runAlone`). */
export const OCCUPANCY_READING = 'supply.occupancies';
/** How many facilities are changed in one transaction. */
const AT_ONCE = 500;

/** Stores occupancies, and returns the facilities of which the demand of oxygen is another one now. */
const STORE_OCCUPANCIES = {
  name: 'store-occupancies',
  text: `
WITH given AS (SELECT * FROM ${recordsOf(occupancyColumns, 1)} AS given),
before AS (SELECT o.facility_id, o.oxygen_demand, o.reported_demand FROM occupancy o JOIN given USING (facility_id)),
stored AS (
  INSERT INTO occupancy (${namesOf(occupancyColumns)}) SELECT ${namesOf(occupancyColumns)} FROM given ORDER BY facility_id
  ON CONFLICT (facility_id) DO UPDATE SET ${overwritesOf(omit(occupancyColumns, 'facilityId'))}
  WHERE (occupancy.*) IS DISTINCT FROM (excluded.*)
)
SELECT g.facility_id AS id FROM given g LEFT JOIN before b USING (facility_id)
WHERE (g.oxygen_demand, g.reported_demand) IS DISTINCT FROM (b.oxygen_demand, b.reported_demand)`,
};

interface OccupancyDependencies {
  database: Database;
  capacity: SubgraphClient;
  address: SubgraphAddress;
  jobs: CapacityJobs;
  log: Logger;
}

/**
 * Keeps the occupied beds of all facilities as capacity has them: once as a whole, then what changed since the last cursor, however long
 * capacity was unavailable. One process reads at a time: of two, the slower one would store beds of before beside the newer cursor, and
 * they would stay until the facility reports again.
 */
export class Occupancies {
  readonly #db: Pool;
  readonly #deps: OccupancyDependencies;
  readonly #outages: LastingOutages;

  constructor(dependencies: OccupancyDependencies) {
    this.#db = dependencies.database.pool;
    this.#deps = dependencies;
    this.#outages = new LastingOutages(dependencies.log, 'the occupied beds could not be read');
  }

  /** Reads what changed, unless another process does. While capacity is unavailable the stored ones stay. */
  async follow(now: Date): Promise<void> {
    try {
      const isRead = await runAlone(this.#db, OCCUPANCY_READING, (stillAlone) =>
        this.#read(now, stillAlone),
      );
      if (isRead) this.#outages.ended();
    } catch (err) {
      if (!(err instanceof SubgraphUnavailable)) throw err;
      this.#outages.failed(err);
    }
  }

  async #read(now: Date, stillAlone: StillAlone): Promise<void> {
    const { rows } = await this.#db.query<{ cursor: string }>(
      'SELECT cursor FROM occupancy_reading WHERE id = 1',
    );
    const after = rows[0]?.cursor;
    if (after === undefined) return this.#readAll(now, stillAlone);
    try {
      const { changes, cursor } = await readChanges(
        'capacity',
        this.#deps.address,
        OccupancyChangesDocument,
        after,
        ({ capacityChanged }) => capacityChanged,
      );
      const facilities = new Map(
        changes.flatMap(({ facility }) => (facility ? [[facility.id, facility] as const] : [])),
      );
      await this.#store([...facilities.values()], cursor, now, stillAlone);
    } catch (error) {
      if (!(error instanceof ExpiredCursorError)) throw error;
      await this.#readAll(now, stillAlone);
    }
  }

  /** The cursor is read first: what changes meanwhile is read again, and nothing is missed. */
  async #readAll(now: Date, stillAlone: StillAlone): Promise<void> {
    const { capacity } = this.#deps;
    const { capacityCursor } = await capacity.request(CapacityCursorDocument, {});
    if (!capacityCursor) throw new SubgraphUnavailable('capacity sent no cursor');
    const facilities = await allNodes(async (after) => {
      const data = await capacity.request(OccupanciesDocument, { first: PAGE, after });
      return data.facilities ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
    });
    await this.#store(facilities, capacityCursor, now, stillAlone);
  }

  /** The cursor is stored last: a process that ends before reads the same again. */
  async #store(
    facilities: readonly OccupiedBedsFragment[],
    cursor: string,
    now: Date,
    stillAlone: StillAlone,
  ): Promise<void> {
    const occupancies = facilities.flatMap(({ id, kind, beds }) =>
      beds === null ? [] : [occupancyOf({ id, kind }, beds)],
    );
    for (let start = 0; start < occupancies.length; start += AT_ONCE) {
      const part = occupancies.slice(start, start + AT_ONCE);
      await stillAlone();
      const jobs = await inTransaction(this.#db, async (db): Promise<Job[]> => {
        const moved = await db.query<{ id: string }>({
          ...STORE_OCCUPANCIES,
          values: recordValues(occupancyColumns, part),
        });
        if (moved.rows.length === 0) return [];
        const ids = moved.rows.map(({ id }) => id);
        const changed = await changeLifelines(db, ids, now, ({ lifelines, ...demand }) => {
          for (const [kind, lifeline] of lifelines) {
            lifelines.set(kind, byDemand(lifeline, demand, now));
          }
        });
        return changed.jobs;
      });
      this.#deps.jobs.start(jobs);
    }
    await stillAlone();
    await this.#db.query(
      `INSERT INTO occupancy_reading (id, cursor) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor`,
      [cursor],
    );
  }
}
