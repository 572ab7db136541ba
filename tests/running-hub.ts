import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

const READY = /^Vierblatt is ready: (\S+)$/;
const AUDIENCE = 'vierblatt';

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
  /** Whether the hub imports the register's first day, as on a user's first start; it takes longer than all the rest. */
  firstDay?: boolean;
}

/**
 * Starts the hub by the command behind `npm start`: separate processes, embedded database on disk, fsync on. `settings` are
 * added to the environment.
 */
export async function startHub(
  settings: Record<string, string> = {},
  { firstDay = false }: HubOptions = {},
): Promise<RunningHub> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-hub-'));
  if (!firstDay) await writeFile(join(dataFolder, 'first-day'), '');
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
  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= (async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(dataFolder, { recursive: true, force: true });
    })());

  try {
    const url = await readyUrl(child.stdout);
    const directory = join(dataFolder, 'postgres');
    const server = await readPostmaster(directory);
    if (!server) throw new Error(`The hub is ready but ${directory} names no database server.`);
    const password = postgresPassword(dataFolder, directory);
    const identity = { role: 'service', areas: [''], facilities: [], ttl: 3600 };
    return {
      url,
      pid: child.pid!,
      postmaster: server.pid,
      environment,
      token: () => issueDevelopmentToken(dataFolder, AUDIENCE, identity),
      databaseUrl: (name) => clusterUrl(server.port, password, name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
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
