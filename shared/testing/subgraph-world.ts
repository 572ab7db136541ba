import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import pg from 'pg';
import { pino, type Logger } from 'pino';
import { WebSocket } from 'ws';
import { tokenMint, tokenVerifier } from '../identity/internal-tokens.js';
import type { RunningService } from '../service-process.js';
import type { DatabaseServer } from '../subgraph/bring-up.js';
import { every } from '../subgraph/timer.js';
import type { Tracing } from '../telemetry/tracing.js';
import { postGraphQL, type GraphQLResponse } from './graphql-response.js';
import { authorizationOf, type TestIdentity } from './identity.js';
import { selectingMarks, withoutMarks } from './marks.js';
import { subgraphDatabase } from './subgraph-database.js';

/** The time at which every world begins. */
export const WORLD_START = '2026-01-15T09:00:00.000Z';

export interface WorldOptions {
  /** Name of the subgraph. */
  name: string;
  start(server: DatabaseServer): Promise<RunningService & { url: string }>;
  /** Brings reference data into the migrated database; runs once per test run. */
  prepare?(databaseUrl: string): Promise<unknown>;
  /** Identity of requests that name none. */
  identity: TestIdentity;
  /** Services whose calls are accepted beside the gateway's. */
  callers?: string[];
  /** The parts that worlds share which work together. */
  shared?: SharedWorld;
  /** Returns the URL by which the subgraph reaches its database, for tests that listen on the line. */
  through?(databaseUrl: string): string | Promise<string>;
  tracing?: Tracing | undefined;
  log?: Logger;
}

/** The folder of signing keys, the clock and the secrets of one hub. */
export interface SharedWorld {
  dataFolder: string;
  clock: { now: Date };
  callSecrets: Buffer[];
  remove(): Promise<void>;
}

export async function sharedWorld(): Promise<SharedWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-world-'));
  return {
    dataFolder,
    clock: { now: new Date(WORLD_START) },
    callSecrets: [randomBytes(32)],
    remove: () => rm(dataFolder, { recursive: true }),
  };
}

/** A subgraph on a database of its own, called as the gateway calls it, with a clock that only the test moves. */
export async function subgraphWorld(options: WorldOptions) {
  const { name, identity, callers = [], through = (url: string) => url, tracing } = options;
  const { log = pino({ level: 'silent' }) } = options;
  const common = options.shared ?? (await sharedWorld());
  const { dataFolder, clock, callSecrets } = common;
  const database = await subgraphDatabase(name, options.prepare);
  const databaseUrl = await through(database.url);
  const mint = await tokenMint(dataFolder, 'gateway');
  const timers: { milliseconds: number; act: () => Promise<void> }[] = [];
  const startOn = (port: number) =>
    options.start({
      databaseUrl,
      callSecrets,
      host: '127.0.0.1',
      port,
      verify: tokenVerifier(dataFolder, name, ['gateway', ...callers]),
      log,
      now: () => clock.now,
      tracing,
      every: (milliseconds, log, act) => {
        timers.push({ milliseconds, act });
        return every(milliseconds, log, act);
      },
    });
  let server: (RunningService & { url: string }) | undefined = await startOn(0);
  const { url } = server;
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  const sockets: Client[] = [];
  // A signature costs more than many requests of a test; the tokens of a world last longer than it does.
  const authorizations = new Map<string, Promise<string>>();
  const authorizationFor = (who: TestIdentity, mayChange?: true) => {
    const key = JSON.stringify([who, mayChange]);
    const known = authorizations.get(key) ?? authorizationOf(mint, name, who, mayChange);
    authorizations.set(key, known);
    return known;
  };

  return {
    url,
    databaseUrl: database.url,
    pool,
    clock,
    callSecrets,
    dataFolder,
    /** How many events were ever written: a refusal adds none. */
    eventCount: async () =>
      Number((await pool.query('SELECT count(*) FROM outbox_event')).rows[0].count),
    later: (minutes: number) => (clock.now = new Date(clock.now.getTime() + minutes * 60_000)),
    async request(query: string, variables: object = {}, as = identity): Promise<GraphQLResponse> {
      const authorization = await authorizationFor(as, true);
      return postGraphQL(url, { query, variables }, { authorization });
    },
    /** Watches changes without their marks. */
    async watch(query: string, variables: Record<string, unknown> = {}, as = identity) {
      return withoutMarks(await this.watchWithMarks(selectingMarks(query), variables, as));
    },
    async watchWithMarks(query: string, variables: Record<string, unknown> = {}, as = identity) {
      const authorization = await authorizationFor(as);
      const socket = createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryAttempts: 0,
      });
      sockets.push(socket);
      return socket.iterate<Record<string, any>>({
        query,
        variables,
        extensions: { authorization },
      });
    },
    /** Does what the timers of this interval do, without waiting for it. */
    async elapse(milliseconds: number) {
      const due = timers.filter((timer) => timer.milliseconds === milliseconds);
      for (const { act } of due) await act();
    },
    /** Ends the subgraph; `restart` brings it back on the same port and database. */
    async stop() {
      await server?.close();
      server = undefined;
    },
    async restart() {
      server = await startOn(Number(new URL(url).port));
    },
    async close() {
      for (const socket of sockets) await socket.dispose();
      await pool.end();
      await server?.close();
      await database.drop();
      if (!options.shared) await common.remove();
    },
  };
}

export type SubgraphWorld = Awaited<ReturnType<typeof subgraphWorld>>;
