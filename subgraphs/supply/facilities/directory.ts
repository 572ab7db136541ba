import type { Logger } from 'pino';
import { allNodes } from '../../../shared/graphql-client/index.js';
import {
  LastingOutages,
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../shared/subgraph-client/index.js';
import { FacilityDirectoryDocument } from '../capacity-client/index.js';
import type { Database } from '../database/database.js';
import { renewedAt, storeDirectory } from './store-changes.js';

/** A new edition of the reference data adds facilities and may move one to another Kreis. */
const VALID_FOR_MS = 10 * 60_000;
const PAGE = 500;

/** Keeps the directory of facilities as capacity has it. */
export class FacilityDirectory {
  readonly #database: Database;
  readonly #capacity: SubgraphClient;
  readonly #outages: LastingOutages;

  constructor(database: Database, capacity: SubgraphClient, log: Logger) {
    this.#database = database;
    this.#capacity = capacity;
    this.#outages = new LastingOutages(log, 'the facilities could not be requested from capacity');
  }

  /** Requests all facilities from capacity unless they were requested lately. While capacity is unavailable the stored ones stay. */
  async renewIfDue(now: Date): Promise<void> {
    const last = await renewedAt(this.#database.pool);
    if (last && now.getTime() - last.getTime() < VALID_FOR_MS) return;
    try {
      await this.renew(now);
      this.#outages.ended();
    } catch (err) {
      if (!(err instanceof SubgraphUnavailable)) throw err;
      this.#outages.failed(err);
    }
  }

  /** Requests all facilities from capacity and stores them. Throws SubgraphUnavailable. */
  async renew(now: Date): Promise<void> {
    const facilities = await allNodes(async (after) => {
      const data = await this.#capacity.request(FacilityDirectoryDocument, { first: PAGE, after });
      return data.facilities ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
    });
    await storeDirectory(this.#database.pool, facilities, now);
  }
}
