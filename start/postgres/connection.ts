import { realpath } from 'node:fs/promises';
import pg from 'pg';
import { databaseFaultOf } from '../../shared/errors/index.js';
import { closeSession, openSession } from '../../shared/database/index.js';
import { POSTGRES_ROLE } from './credentials.js';
import { parsePostmaster, type Postmaster } from './postmaster.js';
import { StartRefusal } from '../host/refusal.js';

/** Address of a database of the embedded server, for its superuser unless another role is named. Passwords are base64url. */
export function clusterUrl(
  port: number,
  password: string,
  database: string,
  role: string = POSTGRES_ROLE,
): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** The outcome of an attempt to connect to the server of a folder. */
export type Attempt =
  | { state: 'serving'; session: pg.Client; postmaster: Postmaster }
  /** It starts, recovers, stops, or has no connection left: it will change by itself. */
  | { state: 'busy' }
  /** Nobody listens there, or another server. */
  | { state: 'absent' };

/** Connects to the server at the port if it serves this very folder. */
export async function connect(
  directory: string,
  port: number,
  password: string,
  signal?: AbortSignal,
): Promise<Attempt> {
  let session: pg.Client | undefined;
  try {
    session = await openSession(clusterUrl(port, password, 'postgres'), {
      applicationName: 'vierblatt start',
      ...(signal ? { signal } : {}),
    });
    const { rows } = await session.query<{ directory: string; postmaster: string }>(
      "SELECT current_setting('data_directory') AS directory, pg_read_file('postmaster.pid') AS postmaster",
    );
    const [said] = rows;
    const postmaster = said && parsePostmaster(said.postmaster);
    if (postmaster && (await isSame(said.directory, directory))) {
      return { state: 'serving', session, postmaster };
    }
    await closeSession(session);
    return { state: 'absent' };
  } catch (error) {
    if (session) await closeSession(session);
    return meaningOf(error as Error & { code?: string }, directory);
  }
}

async function isSame(folder: string, other: string): Promise<boolean> {
  return (await realpath(folder).catch(() => folder)) === (await realpath(other));
}

function meaningOf(error: Error & { code?: string }, directory: string): Attempt {
  if (error.code === '28P01') {
    throw new StartRefusal(
      `The server of ${directory} does not take the password beside it (postgres-password). ` +
        'Bring back the file that belongs to it, or move the data folder elsewhere to start with an empty one.',
    );
  }
  // A server that gives a reason of its own is there.
  const isSaidByServer = error instanceof pg.DatabaseError;
  return {
    state: isSaidByServer && databaseFaultOf(error) === 'unavailable' ? 'busy' : 'absent',
  };
}
