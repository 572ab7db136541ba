import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import { asWork, databaseSources, migrate, whenAvailable } from '../database/index.js';
import { recordFault } from '../errors/index.js';
import { digestCallsOf, forgetCalls } from '../idempotency/index.js';
import { readinessOf } from '../http/index.js';
import { ListCursorSeal, sealListCursors } from '../lists/index.js';
import { epochKeyOf, Outbox, type OutboxStream, Tail } from '../outbox/index.js';
import type { RunningService } from '../service-process.js';
import { traceStatements } from '../telemetry/index.js';
import { HOUR_MS } from '../time/rules.js';
import { serveSubgraph, type RequestContext, type Subgraph, type SubgraphServer } from './serve.js';
import { every as everyInterval, type Every, type Timer } from './timer.js';

/** How often events and calls beyond their retention are dropped. */
const PRUNE_MS = HOUR_MS;
/**
 * How often subscriptions get a mark, so that the cursor of a quiet one never gets older than events are kept, and a client knows
 * that silence means that nothing changed.
 */
export const MARK_MS = 300_000;

/** The part of a database that every subgraph has. */
interface OpenDatabase {
  pool: Pool;
  close(): Promise<void>;
}

/** The part of the context that every resolver gets, beside the stores of its subgraph. */
export interface SubgraphContext extends RequestContext, OutboxStream {
  /** The instant of the request. */
  now: Date;
}

/** The parts that make a subgraph, from its database to its timers. */
export interface Blueprint<
  Database extends OpenDatabase,
  Context extends RequestContext,
> extends Omit<Subgraph<Context>, 'context' | 'isReady' | 'metrics'> {
  openDatabase(url: string, responseMs?: number): Database;
  /** Stores rows that the migrated database must have before the first request. */
  prepare?(database: Database): Promise<unknown>;
  context(
    database: Database,
    stream: OutboxStream,
    ...request: Parameters<Subgraph<Context>['context']>
  ): Context;
  /** Adds the metrics of this subgraph to those that it serves. */
  observe?(registry: Registry, database: Database): void;
  /** Returns the actions of the clock, which need no request. */
  timed(database: Database): { milliseconds: number; act: () => Promise<void> }[];
}

export interface DatabaseServer extends SubgraphServer {
  /** The database under the role with which the service works. */
  databaseUrl: string;
  /** URL of the database under the role that migrates it; without it the role of `databaseUrl` migrates. */
  migrationDatabaseUrl?: string | undefined;
  /** Lie outside the database; digest what is stored of calls. All replicas have the same; the first is current. */
  callSecrets: readonly Buffer[];
  /** How long the gateway waits for a response. */
  responseMs?: number | undefined;
  every?: Every;
}

/** Brings a subgraph up: a migrated database, the stream of its changes, its timers, its endpoint; and down in reverse. */
export async function bringUp<Database extends OpenDatabase, Context extends RequestContext>(
  { openDatabase, prepare, context, observe, timed, ...subgraph }: Blueprint<Database, Context>,
  {
    databaseUrl,
    migrationDatabaseUrl = databaseUrl,
    callSecrets,
    every = everyInterval,
    ...server
  }: DatabaseServer,
): Promise<RunningService & { url: string }> {
  const { now, log } = server;
  const database = openDatabase(databaseUrl, server.responseMs);
  digestCallsOf(database.pool, callSecrets);
  const metrics = new Registry();
  observe?.(metrics, database);
  if (server.tracing) traceStatements(database.pool);
  const outbox = await whenAvailable(
    async () => {
      await migrate(migrationDatabaseUrl, databaseSources(subgraph.name), databaseUrl);
      await asWork({ kind: 'import' }, async () => prepare?.(database));
      return Outbox.open(database.pool, subgraph.name);
    },
    (err) => recordFault(log, 'the start waits for the database', { err }, 'warn'),
  );
  const tail = new Tail(databaseUrl, outbox, log, now);
  await tail.start();
  const timers: Timer[] = [
    ...timed(database).map(({ milliseconds, act }) => every(milliseconds, log, act)),
    every(MARK_MS, log, async () => tail.markAll()),
    every(PRUNE_MS, log, () => outbox.prune(now())),
    every(PRUNE_MS, log, () => forgetCalls(database.pool, now())),
  ];
  const listCursorSeal = new ListCursorSeal(subgraph.name, await epochKeyOf(database.pool));
  const serving = await serveSubgraph<Context>(
    {
      ...subgraph,
      metrics,
      finishSchema: (schema) => {
        sealListCursors(schema);
        subgraph.finishSchema?.(schema);
      },
      context: (caller, instant) =>
        Object.assign(context(database, { outbox, tail }, caller, instant), { listCursorSeal }),
      // Over connections of their own kind, so that a service that is busy is no service without a database.
      isReady: readinessOf(() =>
        asWork({ kind: 'timer' }, () => database.pool.query<object>('SELECT 1')),
      ),
    },
    server,
  );
  return {
    url: serving.url,
    async close() {
      await serving.close();
      await Promise.all(timers.map((timer) => timer.stop()));
      await tail.close();
      await database.close();
    },
  };
}
