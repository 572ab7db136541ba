import pg from 'pg';
import { ignorePostgresVariables } from '../env.js';

/** How long the server may take to accept a connection. */
const CONNECT_WITHIN_MS = 5_000;
/** How long a session may take to end in order; a server that is frozen never answers. */
const END_WITHIN_MS = 1_000;
/** A peer that vanished without a word, as behind a pulled cable, is noticed by the system's probes. */
const PROBE_AFTER_MS = 10_000;

/** How every connection to a database is made: as its URL says, whatever the environment of the process holds. */
export function connectionConfig(url: string) {
  ignorePostgresVariables();
  return {
    connectionString: url,
    keepAlive: true,
    keepAliveInitialDelayMillis: PROBE_AFTER_MS,
  };
}

export interface SessionOptions {
  /** Name in `pg_stat_activity`. */
  applicationName?: string;
  /** Gives up while it still connects. */
  signal?: AbortSignal;
}

const ends = new WeakMap<pg.Client, Promise<void>>();

/**
 * Opens one connection outside a pool. A connection that breaks while nobody waits for a statement emits `error`, which
 * without a listener ends the process; the next statement, or `endOf`, says the same to its user.
 */
export async function openSession(
  url: string,
  { applicationName, signal }: SessionOptions = {},
): Promise<pg.Client> {
  signal?.throwIfAborted();
  const session = new pg.Client({
    ...connectionConfig(url),
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
  });
  session.on('error', () => undefined);
  ends.set(session, new Promise((resolve) => session.once('end', resolve)));
  const giveUp = () => streamOf(session).destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    await session.connect();
    return session;
  } catch (error) {
    await closeSession(session);
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Resolves when a session that `openSession` gave has ended, by either side. */
export function endOf(session: pg.Client): Promise<void> {
  return ends.get(session)!;
}

/** Ends a session in any state it may be in, by force when the server does not answer. Never throws. */
export async function closeSession(session: pg.Client): Promise<void> {
  const force = setTimeout(() => streamOf(session).destroy(), END_WITHIN_MS);
  await session.end().catch(() => undefined);
  clearTimeout(force);
}

/** The socket, which pg's types do not show. */
function streamOf(session: pg.Client): { destroy(): void } {
  return (session as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
}
