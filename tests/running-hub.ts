import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { environmentWithout } from './environment.js';
import { SUBGRAPHS } from '../shared/env.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { projectPath } from '../shared/root.js';
import { clusterUrl } from '../start/postgres/connection.js';
import { postgresPassword } from '../start/postgres/credentials.js';
import { freePort, listenProblem } from '../start/host/free-port.js';
import { readPostmaster } from '../start/postgres/postmaster.js';
import { slowness } from './speed/slowness.js';
import { endProgram } from './starting/end-program.js';
import { dataFolderAfter, type FirstStart } from './starting/first-start.js';

const READY = /^Vierblatt is ready: (\S+)$/;
const AUDIENCE = 'vierblatt';
/** Far longer than a first start takes. */
const READY_WITHIN_MS = 120_000;

/** Settings of the shell would measure another hub than the promised one. */
const OF_THE_SHELL = /_URL$|^OIDC_|HOST$|^PG|^NODE_PG/;

export interface RunningHub {
  /** The gateway's GraphQL endpoint. */
  url: string;
  /** Process id of the starter, the parent of all others but the database server. */
  pid: number;
  /** Process id of the database server. */
  postmaster: number;
  /** The settings under which a command finds this hub. */
  environment: NodeJS.ProcessEnv;
  /** A token of role `service` for all of Germany. */
  token: () => Promise<string>;
  /** Connection string of a database of the embedded cluster. */
  databaseUrl(name: string): string;
  stop(): Promise<void>;
}

interface HubOptions {
  /** Whether the hub has the register's first day, as after a user's first start. */
  firstDay?: boolean;
}

/**
 * Starts the hub by the command behind `npm start`: separate processes, embedded database on disk, fsync on. `settings` are
 * added to the environment. In a test run it is not the hub's first start, see dataFolderAfter.
 */
export async function startHub(
  settings: Record<string, string> = {},
  { firstDay = false }: HubOptions = {},
): Promise<RunningHub> {
  const dataFolder = await startedDataFolder(
    firstDay ? 'with the first day' : 'without the first day',
  );
  const hub = await startOn(dataFolder, settings);
  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= (async () => {
      await hub.end();
      await rm(dataFolder, { recursive: true, force: true });
    })());
  try {
    const directory = join(dataFolder, 'postgres');
    const server = await readPostmaster(directory);
    if (!server) throw new Error(`The hub is ready but ${directory} names no database server.`);
    const password = postgresPassword(dataFolder, directory);
    const identity = { role: 'service', areas: [''], facilities: [], ttl: 3600 };
    return {
      url: hub.url,
      pid: hub.pid,
      postmaster: server.pid,
      environment: hub.environment,
      token: () => issueDevelopmentToken(dataFolder, AUDIENCE, identity),
      databaseUrl: (name) => clusterUrl(server.port, password, name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes a data folder on which a hub has run before, see dataFolderAfter. */
export function startedDataFolder(kind: FirstStart): Promise<string> {
  return dataFolderAfter(kind, async (folder) => {
    const hub = await startOn(folder, {});
    await hub.end();
  });
}

/** Starts the processes of a hub on a data folder. A hub that does not get ready leaves nothing behind. */
async function startOn(dataFolder: string, settings: Record<string, string>) {
  const environment = {
    ...environmentWithout(OF_THE_SHELL),
    ...settings,
    PORT: String(await freePorts()),
    VIERBLATT_DATA: dataFolder,
  };
  const child = spawn(process.execPath, [projectPath('start/start.mjs')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const end = () => endProgram(child.pid!, ended);
  // It says what it said so far when it ends.
  const late = setTimeout(() => child.kill('SIGTERM'), READY_WITHIN_MS * Math.min(slowness(), 2));
  try {
    return { url: await readyUrl(child.stdout), pid: child.pid!, environment, end };
  } catch (error) {
    await end();
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function readyUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  const seen: string[] = [];
  const lines = createInterface({ input: stdout });
  for await (const line of lines) {
    const url = READY.exec(line)?.[1];
    if (url) {
      // Later output of the hub must not fill its pipe.
      stdout.resume();
      return url;
    }
    seen.push(line);
  }
  throw new Error(`The hub ended before it was ready. It said:\n${seen.join('\n')}`);
}

/** The gateway's port, with the subgraphs' ports behind it free too. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const problems = await Promise.all(
      SUBGRAPHS.map((_, index) => listenProblem('127.0.0.1', port + 1 + index)),
    );
    if (problems.every((problem) => problem === undefined)) return port;
  }
}
