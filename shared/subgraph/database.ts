import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { openPool } from '../database/index.js';

/** One database of a subgraph: Prisma Client for what is read by id, the pool for set-wise statements. Both share the connections. */
export interface SubgraphDatabase<Client> {
  url: string;
  prisma: Client;
  pool: Pool;
  close(): Promise<void>;
}

type PrismaClientClass<Client> = new (options: { adapter: PrismaPg }) => Client;

/** Opens a database with the subgraph's Prisma Client. `responseMs` is how long the gateway waits for a response of the service. */
export function openSubgraphDatabase<Client extends { $disconnect(): Promise<void> }>(
  PrismaClient: PrismaClientClass<Client>,
  url: string,
  responseMs?: number,
): SubgraphDatabase<Client> {
  const pool = openPool(url, responseMs);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    url,
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
