import { openSubgraphDatabase, type SubgraphDatabase } from '../../../shared/subgraph/index.js';
import { PrismaClient } from '../generated/prisma/client.js';

export type Database = SubgraphDatabase<PrismaClient>;

/** Opens the database. `responseMs` is how long the gateway waits for a response of this service. */
export function openDatabase(url: string, responseMs?: number): Database {
  return openSubgraphDatabase(PrismaClient, url, responseMs);
}
