import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { openPool } from '../../../shared/database/index.js';
import { PrismaClient } from '../generated/prisma/client.js';

/** One patients database: Prisma for what is read by id, the pool for set-wise statements. Both share the connections. */
export interface Database {
  url: string;
  prisma: PrismaClient;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** An SQL text under a name of its own: each connection parses it once, which takes longer than most take to run. */
export interface Statement {
  name: string;
  text: string;
}

/**
 * SQL for "any of the ids in this parameter". Behind a SELECT they are as unknown to a plan made for these ids as to one made
 * for all, so that PostgreSQL takes the one for all; otherwise it finds few ids cheaper and plans anew with every call.
 */
export function anyOf(parameter: string): string {
  return `ANY ((SELECT ${parameter}::uuid[])::uuid[])`;
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
