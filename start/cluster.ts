import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { postgresBinaries } from './binaries.js';
import { bringUp, type RunningServer, type ServerPlan } from './bring-up.js';
import { clusterUrl, connect } from './connection.js';
import { postgresPassword } from './credentials.js';
import { openDataFolder } from './data-folder.js';
import { initDatabase } from './init-database.js';
import { takeOwnership } from './ownership.js';
import { giveTo, postgresUser } from './postgres-user.js';
import { endPostmaster, runningPostmaster } from './postmaster.js';
import { serverLog } from './server-log.js';
import { backoff, changeIn } from './waiting.js';

/** The embedded PostgreSQL of a data folder, owned by this process until it stops it or dies. */
export interface Cluster {
  /** Whether the server was found running, left behind by a starter that was killed. */
  readonly adopted: boolean;
  /** Connection string of a database; it stays the same when the server has to be started anew. */
  url(database: string): string;
  ensureDatabase(name: string): Promise<void>;
  /** Ends the server and waits until it is gone; after `patience` milliseconds no longer gently. */
  stop(patience?: number): Promise<void>;
}

export interface ClusterOptions {
  /** Gets one line when the server went away by itself and is started again. */
  report?: (line: string) => void;
  /** Breaks off the start; once started, nothing is brought back any more. */
  signal?: AbortSignal;
}

const directoryIn = (dataFolder: string) => join(dataFolder, 'postgres');

/**
 * Starts the PostgreSQL of the folder, or adopts the one that a killed starter left running. Throws StartRefusal,
 * also while another process owns the folder. A server that dies meanwhile is brought back.
 */
export async function startCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const { report = () => {} } = options;
  const stop = new AbortController();
  const ending = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const dataFolder = openDataFolder(folder);
  const plan = await prepare(dataFolder, ending);

  const open = async (port?: number): Promise<RunningServer> => {
    const server = await bringUp(plan, ending, port);
    await takeOwnership(server.session, dataFolder);
    serving = true;
    server.session.once('end', () => {
      serving = false;
      if (!ending.aborted) reviving = revive();
    });
    return server;
  };

  /** The session that owns the folder lives exactly as long as the server: its end is the news that the server went. */
  const revive = async () => {
    report('The embedded PostgreSQL went away; starting it again.');
    for (const wait of backoff(5000)) {
      try {
        server = await open(server.port);
        return;
      } catch (error) {
        if (ending.aborted) return;
        report((error as Error).message);
        await changeIn(dataFolder, wait);
      }
    }
  };

  let reviving: Promise<void> | undefined;
  let serving = false;
  let server = await open();
  removeLeftovers(dataFolder);
  const unbound = plan.log.bound();
  const url = (database: string) => clusterUrl(server.port, plan.password, database);

  return {
    adopted: server.adopted,
    url,
    ensureDatabase: (name) => ensureDatabase(url('postgres'), name),
    async stop(patience = 8000) {
      stop.abort();
      unbound();
      await reviving;
      // Without its session only the server's own file can tell that the process is still the server.
      if (serving || (await runningPostmaster(plan.directory))?.pid === server.pid) {
        await endPostmaster(plan.directory, server.pid, patience);
      }
      await server.session.end().catch(() => {});
    },
  };
}

/** Throws FolderInUse while another starter owns the folder. */
export async function requireUnowned(dataFolder: string): Promise<void> {
  const directory = directoryIn(dataFolder);
  const found = await runningPostmaster(directory);
  if (!found) return;
  const attempt = await connect(directory, found.port, postgresPassword(dataFolder, directory));
  if (attempt.state !== 'serving') return;
  await takeOwnership(attempt.session, dataFolder);
  await attempt.session.end();
}

async function prepare(dataFolder: string, signal: AbortSignal): Promise<ServerPlan> {
  const { initdb, postgres } = postgresBinaries();
  const directory = directoryIn(dataFolder);
  const user = postgresUser(postgres, dataFolder, directory);
  const password = postgresPassword(dataFolder, directory);
  giveTo(user, directory);
  await initDatabase({ initdb, user, dataFolder, directory, password, signal });
  return { postgres, user, directory, password, log: serverLog(dataFolder) };
}

/** What starts that were killed while they made the database left behind; only the owner may say so. */
function removeLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    if (name.startsWith('postgres-new-')) {
      rmSync(join(dataFolder, name), { recursive: true, force: true });
    }
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const session = new pg.Client(url);
  await session.connect();
  try {
    const { rowCount } = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      name,
    ]);
    if (!rowCount) await session.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await session.end();
  }
}
