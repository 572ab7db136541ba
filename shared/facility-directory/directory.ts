import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { allNodes, type Page, type TypedDocument } from '../graphql-client/index.js';
import {
  LastingOutages,
  type SubgraphClient,
  SubgraphUnavailable,
} from '../subgraph-client/index.js';
import { MINUTE_MS } from '../time/rules.js';
import { type DirectoryEntry, renewedAt, storeDirectory } from './store-changes.js';

/** A new edition of the reference data adds facilities and may move one to another Kreis. */
const VALID_FOR_MS = 10 * MINUTE_MS;
const PAGE = 500;

export interface DirectoryOptions {
  pool: Pool;
  capacity: Pick<SubgraphClient, 'request'>;
  /** Requests a page of facilities, with where they lie and how they are named. */
  document: TypedDocument<
    { facilities: Page<DirectoryEntry> | null },
    { first: number; after?: string | null }
  >;
  log: Logger;
}

/** Keeps the directory of facilities as capacity has it. */
export class FacilityDirectory {
  readonly #options: DirectoryOptions;
  readonly #outages: LastingOutages;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#outages = new LastingOutages(
      options.log,
      'the facilities could not be requested from capacity',
    );
  }

  /** Requests all facilities from capacity unless they were requested lately. While capacity is unavailable the stored ones stay. */
  async renewIfDue(now: Date): Promise<void> {
    const last = await renewedAt(this.#options.pool);
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
    const { pool, capacity, document } = this.#options;
    const facilities = await allNodes(async (after) => {
      const data = await capacity.request(document, { first: PAGE, after });
      return data.facilities ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
    });
    await storeDirectory(pool, facilities, now);
  }
}
