import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { closeSession, HeldSession } from '../../shared/database/index.js';
import { postgresBinaries } from './binaries.js';
import { bringUp, type RunningServer, type ServerPlan } from './bring-up.js';
import { clusterUrl, connect } from './connection.js';
import { postgresPassword } from './credentials.js';
import { openDataFolder } from '../host/data-folder.js';
import { initDatabase } from './init-database.js';
import { FolderInUse, claimOwnership } from './ownership.js';
import { giveTo, postgresUser } from './postgres-user.js';
import { endPostmaster, runningPostmaster } from './postmaster.js';
import { serverLog } from './server-log.js';
import { ensureDatabase, type DatabaseUrls } from './subgraph-database.js';

/** The embedded PostgreSQL of a data folder, owned by this process until it stops the server or crashes. */
export interface Cluster {
  /** Whether the server was found running, left behind by a starter that was killed. */
  readonly adopted: boolean;
  /** Connection string of a database for the superuser; it stays the same when the server has to be started again. */
  url(database: string): string;
  /** Makes the database of a subgraph and its two roles where they are missing. */
  ensureDatabase(name: string): Promise<DatabaseUrls>;
  /** Ends the server and waits until it has exited; after `patience` milliseconds by force. */
  stop(patience?: number): Promise<void>;
}

export interface ClusterOptions {
  /** Receives one line when the server ended unexpectedly and is started again. */
  report?: (line: string) => void;
  /** Cancels the start; after the start, the server is no longer restarted. */
  signal?: AbortSignal;
}

const directoryIn = (dataFolder: string) => join(dataFolder, 'postgres');

/**
 * Starts the PostgreSQL of the folder, or adopts the one that a killed starter left running. Throws StartRefusal,
 * also while another process owns the folder. A server that crashes later is started again.
 */
export async function startCluster(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
  const { report = () => {} } = options;
  const stop = new AbortController();
  const ending = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const dataFolder = openDataFolder(folder);
  const plan = await prepare(dataFolder, ending);

  const open = async (port?: number): Promise<RunningServer> => {
    const found = await bringUp(plan, ending, port);
    await claimOwnership(found.session, dataFolder);
    return found;
  };
  let server = await open().catch(async (error: unknown) => {
    // A server that a killed starter left behind, and that this start would have adopted.
    if (ending.aborted) await endServer(plan, 2000, 'if it has no owner');
    throw error;
  });
  removeLeftovers(dataFolder);
  const unbound = plan.log.bound();
  const url = (database: string) => clusterUrl(server.port, plan.password, database);

  /** The session that owns the folder lasts exactly as long as the server: its end shows that the server ended. */
  let reported: string | undefined;
  const reportOnce = (line: string) => {
    if (line !== reported && !ending.aborted) report(line);
    reported = line;
  };
  const ownership = new HeldSession(
    {
      open: async () => {
        server = await open(server.port);
        reported = undefined;
        return server.session;
      },
      lost: () => reportOnce('The embedded PostgreSQL ended unexpectedly; starting it again.'),
      failed: (error) => reportOnce((error as Error).message),
    },
    server.session,
  );

  return {
    adopted: server.adopted,
    url,
    ensureDatabase: (name) => ensureDatabase({ port: server.port, password: plan.password }, name),
    async stop(patience = 8000) {
      stop.abort();
      unbound();
      const session = await ownership.stop();
      await endServer(plan, patience, session ? 'it is ours' : 'unless another owns it');
      if (session) await closeSession(session);
    },
  };
}

/** A server that accepts no connection does not reveal its owner; only its most recent owner ends it anyway. */
type Entitlement = 'it is ours' | 'unless another owns it' | 'if it has no owner';

/** Ends the server of the folder, unless it belongs to another starter by now. */
async function endServer(plan: ServerPlan, patience: number, when: Entitlement): Promise<void> {
  const found = await runningPostmaster(plan.directory);
  if (!found) return;
  if (when !== 'it is ours') {
    const owner = await ownerOf(plan, found.port).catch(() => 'unknown');
    if (owner === 'another' || (owner === 'unknown' && when === 'if it has no owner')) return;
  }
  await endPostmaster(plan.directory, found.pid, patience);
}

async function ownerOf(
  { directory, password }: ServerPlan,
  port: number,
): Promise<'nobody' | 'another' | 'unknown'> {
  const attempt = await connect(directory, port, password, AbortSignal.timeout(1000));
  if (attempt.state !== 'serving') return 'unknown';
  try {
    await claimOwnership(attempt.session, directory);
    return 'nobody';
  } catch (error) {
    return error instanceof FolderInUse ? 'another' : 'unknown';
  } finally {
    await closeSession(attempt.session);
  }
}

/** Throws FolderInUse while another starter owns the folder. */
export async function requireUnowned(dataFolder: string): Promise<void> {
  const directory = directoryIn(dataFolder);
  const found = await runningPostmaster(directory);
  if (!found) return;
  const attempt = await connect(directory, found.port, postgresPassword(dataFolder, directory));
  if (attempt.state !== 'serving') return;
  await claimOwnership(attempt.session, dataFolder);
  await closeSession(attempt.session);
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

/** Removes what starts left behind that were killed while they made the database; only the owner may say so. */
function removeLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    if (name.startsWith('postgres-new-')) {
      rmSync(join(dataFolder, name), { recursive: true, force: true });
    }
  }
}
