import type pg from 'pg';
import { closeSession } from '../../shared/database/index.js';
import { StartRefusal } from '../host/refusal.js';

/** Any number, as long as nobody else in the database `postgres` uses it. */
const LOCK = 4_000_004;

/** How long the session of a starter that was killed may take to be noticed by its server. */
const GRACE_MS = 1000;

/**
 * Makes the session the owner of the data folder, for as long as it lives. The lock is the server's own: when the
 * starter is killed the kernel closes the session, so no lock is ever left behind.
 */
export async function claimOwnership(session: pg.Client, dataFolder: string): Promise<void> {
  try {
    await session.query(`SET lock_timeout = ${GRACE_MS}`);
    await session.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await session.query('RESET lock_timeout');
  } catch (error) {
    await closeSession(session);
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw new FolderInUse(dataFolder);
  }
}

/** Another starter owns the folder. */
export class FolderInUse extends StartRefusal {
  constructor(dataFolder: string) {
    super(
      `Vierblatt already runs on the data folder ${dataFolder}. ` +
        'Stop it first, or set VIERBLATT_DATA (and PORT) to start a second one beside it.',
    );
  }
}
