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
import { postGraphQL } from './graphql-response.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/rules.js';
import { authorizationOf, type TestIdentity } from './identity.js';
import { selectingMarks, withoutMarks } from './marks.js';
import { NOW } from './now.js';
import { subgraphDatabase } from './subgraph-database.js';

export interface WorldOptions {
  /** Name of the subgraph. */
  name: string;
  start(server: DatabaseServer): Promise<RunningService & { url: string }>;
  /** Brings reference data into the migrated database; runs once per test run. */
  prepare?(databaseUrl: string): Promise<unknown>;
  /** Identity of requests that name none. */
  identity: TestIdentity;
  /** Whether a person acts in every request; their pseudonym is the name of their role, unless the test says another. */
  hasPeople?: boolean;
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
    clock: { now: new Date(NOW) },
    callSecrets: [randomBytes(32)],
    remove: () => rm(dataFolder, { recursive: true }),
  };
}

interface EventFilter {
  entity?: string | undefined;
  topic?: string;
}

/** An event as tests read it. */
interface TestEvent {
  topic: string;
  entity: string;
  area: string;
  tags: string[];
}

/** A subgraph on a database of its own, called as the gateway calls it, with a clock that only the test moves. */
export async function subgraphWorld(options: WorldOptions) {
  const { name, identity, hasPeople = false, callers = [], tracing } = options;
  const { through = (url: string) => url, log = pino({ level: 'silent' }) } = options;
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
  const authorization = (as: TestIdentity, mayChange?: true) => {
    const who = hasPeople ? { subject: as.role, ...as } : as;
    const key = JSON.stringify([who, mayChange]);
    const known = authorizations.get(key) ?? authorizationOf(mint, name, who, mayChange);
    authorizations.set(key, known);
    return known;
  };

  const request = async (query: string, variables: object = {}, who = identity) =>
    postGraphQL(url, { query, variables }, { authorization: await authorization(who, true) });
  /** Returns the cursor of a subscriber that begins now. */
  const cursor = async (who?: TestIdentity): Promise<string> => {
    const { data, errors } = await request(`{ cursor: ${name}Cursor }`, {}, who);
    if (errors) throw new Error(JSON.stringify(errors));
    return data.cursor;
  };
  const watchWithMarks = async (query: string, variables: object = {}, who = identity) => {
    const extensions = { authorization: await authorization(who) };
    const socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: extensions,
      retryAttempts: 0,
    });
    sockets.push(socket);
    return socket.iterate<Record<string, any>>({
      query,
      variables: { ...variables },
      extensions,
    });
  };
  /** Watches changes without their marks. */
  const watch = async (query: string, variables?: object, who?: TestIdentity) =>
    withoutMarks(await watchWithMarks(selectingMarks(query), variables, who));
  /** Returns the instant that lies n milliseconds after the time of the world, as JSON has it. */
  const inMilliseconds = (count: number) => new Date(clock.now.getTime() + count).toISOString();

  /** Returns the events of an entity or of a topic, in the order in which subscribers receive them. */
  const eventsOf = async ({ entity, topic }: EventFilter): Promise<TestEvent[]> => {
    const { rows } = await pool.query<TestEvent>(
      `SELECT topic, entity, area, tags FROM outbox_event
       WHERE ($1::text IS NULL OR entity = $1) AND ($2::text IS NULL OR topic = $2) ORDER BY batch, seq`,
      [entity, topic],
    );
    return rows;
  };

  return {
    url,
    databaseUrl: database.url,
    pool,
    clock,
    callSecrets,
    dataFolder,
    eventsOf,
    /** How many events were ever written, of an entity or a topic if one is named: a refusal adds none. */
    eventCount: async (filter: EventFilter = {}) => (await eventsOf(filter)).length,
    /** Lets the clock of the world go on. */
    later: (minutes: number) => (clock.now = new Date(clock.now.getTime() + minutes * MINUTE_MS)),
    inMinutes: (minutes: number) => inMilliseconds(minutes * MINUTE_MS),
    inHours: (hours: number) => inMilliseconds(hours * HOUR_MS),
    inDays: (days: number) => inMilliseconds(days * DAY_MS),
    request,
    cursor,
    watch,
    watchWithMarks,
    /** Watches the changes that come from now on. */
    watchFromNow: async (query: string, variables: object = {}, who?: TestIdentity) =>
      watch(query, { after: await cursor(), ...variables }, who),
    /** Does what the timers of this interval do, without waiting for it. */
    async elapse(milliseconds: number) {
      const due = timers.filter((timer) => timer.milliseconds === milliseconds);
      if (due.length === 0) throw new Error(`No timer runs every ${milliseconds} ms.`);
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
