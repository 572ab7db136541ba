import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { openPool } from '../../../shared/database/index.js';
import { PrismaClient } from '../generated/prisma/client.js';

/** One capacity database: Prisma for what is read by id, the pool for set-wise statements. Both share the connections. */
export interface Database {
  url: string;
  prisma: PrismaClient;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** `responseMs` is how long the gateway waits for a response of this service. */
export function openDatabase(url: string, responseMs?: number): Database {
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
