import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { testSettings } from '../environment.js';

export interface TestDatabase {
  /** Connection string. */
  url: string;
  /** Removes the database, also from under open connections. */
  drop(): Promise<void>;
}

/** The key of the advisory lock under which templates are made. */
const TEMPLATE_LOCK = 81_726_354;

/**
 * Makes a database in the cluster of this test run: an empty one, or a copy of `template` (the name of another one,
 * which nobody may be connected to). A copy takes some tens of milliseconds, so each test file can have its own.
 */
export async function createDatabase(template = 'template1'): Promise<TestDatabase> {
  return withSession(async (session) => {
    const name = `t_${randomBytes(8).toString('hex')}`;
    // Without fsync a copy of the files costs half as much processor time as one through the log.
    await session.query(
      `CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)} STRATEGY FILE_COPY`,
    );
    const url = new URL(clusterUrl());
    url.pathname = `/${name}`;
    return {
      url: url.href,
      drop: () =>
        withSession(async (db) => {
          await db.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        }),
    };
  });
}

/**
 * Makes a database as a copy of the template `name`. The first test that needs the template makes it, for the whole test
 * run: `fill` brings an empty database to the state in which the tests of that kind begin.
 */
export async function copyOfTemplate(
  name: string,
  fill: (url: string) => Promise<unknown>,
): Promise<TestDatabase> {
  const template = `template_${name}`;
  if (!made.has(template)) await ensureTemplate(template, fill);
  made.add(template);
  return createDatabase(template);
}

const made = new Set<string>();

async function ensureTemplate(
  template: string,
  fill: (url: string) => Promise<unknown>,
): Promise<void> {
  await underLockOfRun(TEMPLATE_LOCK, async (session) => {
    const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [
      template,
    ]);
    if (rowCount) return;
    const draft = await createDatabase();
    await fill(draft.url);
    // The name comes last: a template is complete or it does not exist.
    const name = new URL(draft.url).pathname.slice(1);
    await session.query(`ALTER DATABASE ${name} RENAME TO ${pg.escapeIdentifier(template)}`);
  });
}

/** Acts while no other process of this test run holds the lock with this key. */
export async function underLockOfRun(
  key: number,
  act: (session: pg.Client) => Promise<void>,
): Promise<void> {
  await withSession(async (session) => {
    // The end of the session releases the lock.
    await session.query('SELECT pg_advisory_lock($1)', [key]);
    await act(session);
  });
}

async function withSession<Result>(use: (session: pg.Client) => Promise<Result>): Promise<Result> {
  const session = new pg.Client(clusterUrl());
  await session.connect();
  try {
    return await use(session);
  } finally {
    await session.end();
  }
}

function clusterUrl(): string {
  const url = testSettings.clusterUrl;
  if (!url)
    throw new Error(
      'No cluster for the tests: run them by jest with the settings of jest.config.js.',
    );
  return url;
}
