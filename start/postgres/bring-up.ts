import type { ChildProcess } from 'node:child_process';
import type pg from 'pg';
import { MINUTE_MS } from '../../shared/time/rules.js';
import { connect } from './connection.js';
import { freePort } from '../host/free-port.js';
import type { PostgresUser } from './postgres-user.js';
import { endPostmaster, removeStranger, runningPostmaster, spawnPostmaster } from './postmaster.js';
import { StartRefusal } from '../host/refusal.js';
import type { ServerLog } from './server-log.js';
import { backoff, changeIn } from '../host/waiting.js';

export interface ServerPlan {
  postgres: string;
  user: PostgresUser;
  directory: string;
  password: string;
  log: ServerLog;
}

export interface RunningServer {
  pid: number;
  port: number;
  session: pg.Client;
  /** It was found running and not started by this call. */
  adopted: boolean;
}

/** How long a server may be unresponsive. There is no limit for one that reports a recovery. */
const PATIENCE_MS = MINUTE_MS;

/** Problems of a start that end with the last processes of a killed server; `postmaster.pid` may also belong to another start. */
const PASSES = /lock file ".*" already exists|is still in use|could not bind/;

/**
 * Returns the running server of the folder, starting one when there is none. Every round inspects the folder again, because
 * another process may start, adopt or stop the server at the same time. When this call fails, it ends the server that it started.
 */
export async function bringUp(
  plan: ServerPlan,
  signal: AbortSignal,
  wantedPort?: number,
): Promise<RunningServer> {
  const attempt: BringUp = { started: undefined };
  try {
    return await search(plan, signal, attempt, wantedPort);
  } catch (error) {
    const pid = attempt.started?.child.pid;
    if (pid !== undefined) await endPostmaster(plan.directory, pid, 2000);
    throw signal.aborted ? signal.reason : error;
  }
}

interface BringUp {
  started: StartedServer | undefined;
}

async function search(
  plan: ServerPlan,
  signal: AbortSignal,
  own: BringUp,
  wantedPort?: number,
): Promise<RunningServer> {
  const { directory, password, log } = plan;
  let giveUpAt = Date.now() + PATIENCE_MS;
  for (const wait of backoff(1000)) {
    signal.throwIfAborted();
    const found = await runningPostmaster(directory);
    if (found) {
      const attempt = await connect(directory, found.port, password, signal);
      if (attempt.state === 'serving') {
        const { session, postmaster } = attempt;
        return { ...postmaster, session, adopted: own.started?.child.pid !== postmaster.pid };
      }
      if (attempt.state === 'busy') giveUpAt = Date.now() + PATIENCE_MS;
    } else if (!own.started) {
      await removeStranger(directory);
      own.started = start(plan, wantedPort ?? (await freePort('database')));
    }
    await Promise.race([changeIn(directory, wait), ...(own.started ? [own.started.ended] : [])]);
    if (own.started?.problem !== undefined) {
      if (!PASSES.test(own.started.problem)) throw failure(directory, own.started.problem);
      own.started = undefined;
    }
    if (Date.now() > giveUpAt) throw failure(directory, log.recent());
  }
  throw new Error('unreachable');
}

interface StartedServer {
  child: ChildProcess;
  ended: Promise<void>;
  /** Why it ended. */
  problem?: string;
}

function start({ postgres, user, directory, log }: ServerPlan, port: number): StartedServer {
  const child = spawnPostmaster(postgres, user, directory, port, log);
  child.unref();
  const started: StartedServer = {
    child,
    ended: new Promise((resolve) => {
      child.once('error', ({ message }) => resolve(void (started.problem = message)));
      child.once('exit', () => resolve(void (started.problem = log.recent())));
    }),
  };
  return started;
}

function failure(directory: string, messages: string): StartRefusal {
  const relevant = messages.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT/.test(line));
  const reason = (relevant.length ? relevant : messages.trim().split('\n').slice(-1)).join(' ');
  return new StartRefusal(
    `The embedded PostgreSQL does not start on ${directory}: ${reason} ` +
      'Its messages are in postgres.log beside that folder.',
  );
}
