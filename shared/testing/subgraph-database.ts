import pg from 'pg';
import { copyOfTemplate, type TestDatabase } from '../../tests/cluster/database.js';
import { databaseSources, migrate } from '../database/migrate.js';

/**
 * Makes a database of a subgraph: migrated, and with what `prepare` brings in. Migrations, functions and preparation run once per test
 * run; each database is a copy, with an epoch of its own, so that the cursors of one mean nothing to another.
 */
export async function subgraphDatabase(
  subgraph: string,
  prepare: (databaseUrl: string) => Promise<unknown> = async () => undefined,
): Promise<TestDatabase> {
  const database = await copyOfTemplate(subgraph, async (url) => {
    await migrate(url, databaseSources(subgraph));
    await prepare(url);
  });
  const session = new pg.Client(database.url);
  await session.connect();
  try {
    await session.query('UPDATE outbox_epoch SET key = gen_random_uuid()');
  } finally {
    await session.end();
  }
  return database;
}
