import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Connection string. */
  url: string;
  /** Removes the database, also from under open connections. */
  drop(): Promise<void>;
}

/**
 * Makes a database in the cluster of this test run: an empty one, or a copy of `template` (the name of another one,
 * which nobody may be connected to). A copy takes some tens of milliseconds, so each test file can have its own.
 */
export async function createDatabase(template = 'template1'): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await execute(`CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`);
  const url = new URL(clusterUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function execute(statement: string): Promise<void> {
  const session = new pg.Client(clusterUrl());
  await session.connect();
  try {
    await session.query(statement);
  } finally {
    await session.end();
  }
}

function clusterUrl(): string {
  const url = process.env['VIERBLATT_TEST_CLUSTER'];
  if (!url)
    throw new Error(
      'No cluster for the tests: run them by jest with the settings of jest.config.js.',
    );
  return url;
}
