import type { Logger } from 'pino';
import { recordFault } from '../../../shared/errors/index.js';
import { allNodes } from '../../../shared/graphql-client/index.js';
import { type SubgraphClient, SubgraphUnavailable } from '../../../shared/subgraph-client/index.js';
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
  readonly #log: Logger;

  constructor(database: Database, capacity: SubgraphClient, log: Logger) {
    this.#database = database;
    this.#capacity = capacity;
    this.#log = log;
  }

  /** Requests all facilities from capacity unless they were requested lately. While capacity is unavailable the stored ones stay. */
  async renewIfDue(now: Date): Promise<void> {
    const last = await renewedAt(this.#database.pool);
    if (last && now.getTime() - last.getTime() < VALID_FOR_MS) return;
    try {
      await this.renew(now);
    } catch (err) {
      if (!(err instanceof SubgraphUnavailable)) throw err;
      recordFault(
        this.#log,
        'the facilities could not be requested from capacity',
        { err },
        'warn',
      );
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
