import { readFileSync } from 'node:fs';
import pg from 'pg';
import { closeSession, openSession } from '../../shared/database/index.js';
import { projectPath } from '../../shared/root.js';
import { clusterUrl } from './connection.js';
import { rolePassword } from './credentials.js';

/** Addresses of one database: for the role with which the service works, and for the one that migrates it. */
export interface DatabaseUrls {
  runtime: string;
  migration: string;
}

/** Makes the database of a subgraph and its two roles where they are missing, and gives the addresses for both. */
export async function ensureDatabase(
  { port, password }: { port: number; password: string },
  name: string,
): Promise<DatabaseUrls> {
  await within(clusterUrl(port, password, 'postgres'), async (session) => {
    const { rowCount } = await session.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      name,
    ]);
    if (!rowCount) await session.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  });
  const [runtime, owner] = [name, `${name}_owner`] as const;
  await within(clusterUrl(port, password, name), async (session) => {
    await session.query(
      `SELECT set_config('vierblatt.runtime_password', $1, false),
              set_config('vierblatt.owner_password', $2, false)`,
      [rolePassword(password, runtime), rolePassword(password, owner)],
    );
    await session.query(readFileSync(projectPath('shared/database/roles.sql'), 'utf8'));
  });
  const urlFor = (role: string) => clusterUrl(port, rolePassword(password, role), name, role);
  return { runtime: urlFor(runtime), migration: urlFor(owner) };
}

async function within(url: string, act: (session: pg.Client) => Promise<void>): Promise<void> {
  const session = await openSession(url);
  try {
    await act(session);
  } finally {
    await closeSession(session);
  }
}
