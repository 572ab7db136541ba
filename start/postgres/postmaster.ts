import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresUser } from './postgres-user.js';
import type { ServerLog } from './server-log.js';
import { mayServe } from './server-process.js';
import { backoff, changeIn } from '../host/waiting.js';

/** The facts about itself that PostgreSQL's main process writes into `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** Reads lines 1 and 4 of `postmaster.pid`; the file may be that of a server long dead. */
export async function readPostmaster(directory: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  return parsePostmaster(text);
}

/** Returns the server of the folder if its process runs. */
export async function runningPostmaster(directory: string): Promise<Postmaster | undefined> {
  const found = await readPostmaster(directory);
  return found && (await isServer(found.pid, directory)) ? found : undefined;
}

/**
 * Removes a `postmaster.pid` whose number belongs to another program by now, as after a restart of the machine or the
 * container: PostgreSQL would take that program for a server and refuse to start.
 */
export async function removeStranger(directory: string): Promise<void> {
  const found = await readPostmaster(directory);
  if (!found || (await hasExited(found.pid)) || (await isServer(found.pid, directory))) return;
  await rm(join(directory, 'postmaster.pid'), { force: true });
}

async function isServer(pid: number, directory: string): Promise<boolean> {
  return !(await hasExited(pid)) && mayServe(pid, directory);
}

export function parsePostmaster(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 1 && port > 0 ? { pid, port } : undefined;
}

/**
 * Settings of the server that do not depend on where it runs; docker-compose.yml gives its server the same limits of
 * connections. A client that connects and sends nothing holds a connection slot of the hub until it is closed, by default
 * after a minute. The connections of the superuser are for processes that start, migrate or repair.
 */
export const SERVER_LIMITS = [
  'max_connections=200',
  'superuser_reserved_connections=10',
  'authentication_timeout=10s',
] as const;

/** Starts the server in a session of its own, so that a Ctrl-C in the terminal reaches it only through the starter. */
export function spawnPostmaster(
  postgres: string,
  user: PostgresUser,
  directory: string,
  port: number,
  log: ServerLog,
): ChildProcess {
  const [command, ...args] = [
    ...user.prefix,
    postgres,
    '-D',
    directory,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    ...SERVER_LIMITS.flatMap((limit) => ['-c', limit]),
    '-c',
    'log_checkpoints=off',
    // Refused statements may hold words about persons: no rows, no statements in its log.
    '-c',
    'log_error_verbosity=terse',
    '-c',
    'log_min_error_statement=panic',
  ];
  const { fd, release } = log.open();
  try {
    return spawn(command, args, { ...user.options, stdio: ['ignore', fd, fd], detached: true });
  } finally {
    release();
  }
}

/**
 * Ends the server: at first "fast" (open transactions are rolled back, data is synced), after the given time
 * "immediate" (the next start recovers), and in the end by force. Resolves when the process has exited.
 */
export async function endPostmaster(
  directory: string,
  pid: number,
  patience: number,
): Promise<void> {
  const start = Date.now();
  const steps: { after: number; signal: NodeJS.Signals }[] = [
    { after: 0, signal: 'SIGINT' },
    { after: patience, signal: 'SIGQUIT' },
    { after: patience + 1000, signal: 'SIGKILL' },
  ];
  for (const wait of backoff(100)) {
    while (steps[0] && Date.now() - start >= steps[0].after) send(pid, steps.shift()!.signal);
    if (await hasExited(pid)) return;
    await changeIn(directory, wait);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether a process has exited. An adopted server is no child of this process, and one that no parent waits for is a zombie. */
export async function hasExited(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return status.slice(status.lastIndexOf(')') + 2).startsWith('Z');
}
