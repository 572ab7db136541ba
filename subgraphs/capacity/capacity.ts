import type { Logger } from 'pino';
import { migrate } from '../../shared/database/migrate.js';
import { Outbox } from '../../shared/outbox/outbox.js';
import { Tail } from '../../shared/outbox/tail.js';
import { projectPath } from '../../shared/root.js';
import type { Running } from '../../shared/service-process.js';
import { serveSubgraph, type SubgraphServer } from '../../shared/subgraph/serve.js';
import { BedStore } from './beds/store.js';
import { contextOn } from './context.js';
import { openDatabase, type Database } from './database.js';
import { importReferenceData } from './reference/import.js';
import { resolvers } from './resolvers.js';

/** How often watchers are told of numbers that went stale meanwhile. */
const STALENESS_CHECK_MS = 10_000;
/** How often events beyond their retention are dropped. */
const PRUNE_MS = 3_600_000;

export interface CapacityServer extends SubgraphServer {
  databaseUrl: string;
}

/** Starts the capacity subgraph: a migrated database with the reference data, the timers, and the endpoint. */
export async function startCapacity({
  databaseUrl,
  ...server
}: CapacityServer): Promise<Running & { url: string }> {
  const { now, log } = server;
  await migrate(databaseUrl, projectPath('subgraphs/capacity/prisma/migrations'));
  const database = openDatabase(databaseUrl);
  await importReferenceData(database, now());
  const outbox = await Outbox.open(database.pool, 'capacity');
  const tail = new Tail(databaseUrl, outbox, log);
  await tail.start();
  const timers = [
    every(STALENESS_CHECK_MS, log, () => new BedStore(database, now()).tellStaleness()),
    every(PRUNE_MS, log, () => outbox.prune(now())),
  ];
  const serving = await serveSubgraph(
    {
      name: 'capacity',
      cursorField: 'capacityCursor',
      resolvers,
      context: (caller, instant) => contextOn({ database, outbox, tail }, caller, instant),
      readAhead: ({ facilities, beds }, ids) => {
        facilities.readAhead(ids);
        beds.readAhead(ids);
      },
    },
    server,
  );
  return { url: serving.url, close: () => end(serving, tail, database, timers) };
}

async function end(
  serving: Running,
  tail: Tail,
  database: Database,
  timers: { stop(): Promise<void> }[],
): Promise<void> {
  await serving.close();
  await Promise.all(timers.map((timer) => timer.stop()));
  await tail.close();
  await database.close();
}

/** Does a thing again and again; a failure is logged and the next turn comes all the same. */
function every(
  milliseconds: number,
  log: Logger,
  act: () => Promise<void>,
): { stop(): Promise<void> } {
  let acting = Promise.resolve();
  const timer = setInterval(() => {
    acting = acting
      .then(act)
      .catch((error: unknown) => log.warn({ err: error }, 'a timed task failed'));
  }, milliseconds);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await acting;
    },
  };
}
