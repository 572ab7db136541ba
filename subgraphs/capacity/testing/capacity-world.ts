import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import {
  tokenMint,
  tokenVerifier,
  type MintToken,
} from '../../../shared/identity/internal-tokens.js';
import { createDatabase } from '../../../tests/cluster/database.js';
import { startCapacity } from '../capacity.js';

/** Who asks: a role of roles.json, and where it holds. */
export interface Who {
  role: string;
  areas?: string[];
  facilities?: string[];
}

/** Whoever sees and does everything that is tested here. */
export const EVERYWHERE: Who = { role: 'crisis-staff', areas: [''] };

export interface Answer {
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** A capacity subgraph of its own on a database of its own, with a clock that only the test moves. */
export async function capacityWorld() {
  const database = await createDatabase();
  const callSecrets = [randomBytes(32)];
  const dataFolder = await mkdtemp(join(tmpdir(), 'capacity-'));
  const mint = await tokenMint(dataFolder, 'gateway');
  const clock = { now: new Date('2026-01-15T09:00:00.000Z') };
  const server = await startCapacity({
    databaseUrl: database.url,
    wordsRetentionDays: 365,
    callSecrets,
    host: '127.0.0.1',
    port: 0,
    verify: tokenVerifier(dataFolder, 'capacity', ['gateway']),
    log: pino({ level: 'silent' }),
    now: () => clock.now,
  });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  const sockets: Client[] = [];

  return {
    url: server.url,
    pool,
    clock,
    callSecrets,
    /** How many events were ever written: who refuses adds none. */
    told: async () => Number((await pool.query('SELECT count(*) FROM outbox_event')).rows[0].count),
    later: (minutes: number) => (clock.now = new Date(clock.now.getTime() + minutes * 60_000)),
    ask: (query: string, variables: object = {}, who: Who = EVERYWHERE) =>
      ask(server.url, mint, query, variables, who),
    async watch(query: string, variables: Record<string, unknown> = {}, who: Who = EVERYWHERE) {
      const socket = await connect(server.url, mint);
      sockets.push(socket);
      return socket.iterate<Record<string, any>>({
        query,
        variables,
        extensions: { authorization: await authorization(mint, who) },
      });
    },
    async close() {
      for (const socket of sockets) await socket.dispose();
      await pool.end();
      await server.close();
      await database.drop();
      await rm(dataFolder, { recursive: true });
    },
  };
}

export type CapacityWorld = Awaited<ReturnType<typeof capacityWorld>>;

async function authorization(
  mint: MintToken,
  { role, areas = [], facilities = [] }: Who,
  mayChange?: true,
): Promise<string> {
  const claims = claimSetFrom({ roles: [role], areas, facilities });
  return `Bearer ${await mint({ claims, ...(mayChange && { mayChange }) }, 'capacity')}`;
}

async function ask(
  url: string,
  mint: MintToken,
  query: string,
  variables: object,
  who: Who,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: await authorization(mint, who, true),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

async function connect(url: string, mint: MintToken): Promise<Client> {
  const token = await authorization(mint, { role: 'service' });
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: token },
    retryAttempts: 0,
  });
}
