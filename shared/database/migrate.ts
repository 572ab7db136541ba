import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { projectPath } from '../root.js';
import { applyFunctions, outdatedFunctions } from './apply-functions.js';
import { readFunctions, type FunctionFile } from './function-files.js';
import { closeSession, openSession } from './session.js';
import { locateSqlError } from './sql-error.js';

/** Bookkeeping of `prisma migrate`, in Prisma's own words, so that either can go on where the other stopped. */
const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/** The advisory lock `prisma migrate` takes, so that the two exclude each other. */
const LOCK = 72707369;

/** For one migration, or the wait for another process that applies them: rewriting a large table takes long, and not for ever. */
const LONGEST_MS = 1_800_000;

interface Migration {
  name: string;
  path: string;
  sql: string;
  checksum: string;
}

/** The folders that a database is made from. */
export interface DatabaseSources {
  /** The folder of the versioned migrations, each of which is applied once. */
  migrations: string;
  /** The folders of the functions, which are applied again whenever they change. */
  functions: readonly string[];
}

/** The subgraphs that keep data about persons, and so an audit of who read them: `shared/audit`. */
const WITH_AUDIT: readonly string[] = ['patients', 'personnel'];

/** Returns the folders that the database of a subgraph is made from. */
export function databaseSources(subgraph: string): DatabaseSources {
  return {
    migrations: projectPath('subgraphs', subgraph, 'prisma/migrations'),
    functions: [
      projectPath('shared/outbox/functions'),
      ...(WITH_AUDIT.includes(subgraph) ? [projectPath('shared/audit/functions')] : []),
      projectPath('subgraphs', subgraph, 'prisma/functions'),
    ],
  };
}

/**
 * Applies the migrations and functions that the database lacks and returns their names. Each migration and its bookkeeping row
 * are one transaction: it is there whole or not at all. The functions follow in one transaction, not in that of the last
 * migration: a function may use an enum value only after the transaction that adds it. Processes that start at once wait for
 * each other. Where the service works under another role than the one of `databaseUrl`, that role gets what it needs and no
 * more.
 */
export async function migrate(
  databaseUrl: string,
  sources: DatabaseSources,
  runtimeUrl: string = databaseUrl,
): Promise<string[]> {
  const migrations = await readMigrations(sources.migrations);
  const functions = await readFunctions(sources.functions);
  const db = await openSession(databaseUrl, { applicationName: 'vierblatt migrations' });
  try {
    // A role that owns nothing may look: where another has migrated before, nothing else is needed.
    if (await isUpToDate(db, migrations, functions)) {
      await grantRuntime(db, databaseUrl, runtimeUrl);
      return [];
    }
    await requireRight(db, databaseUrl);
    await db.query(`SET statement_timeout = ${LONGEST_MS}`);
    await db.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await db.query(BOOKKEEPING);
    const pending = notYetApplied(migrations, await appliedBefore(db));
    for (const migration of pending) await apply(db, migration);
    const outdated = await outdatedFunctions(db, functions, {
      afterMigrations: pending.length > 0,
    });
    await applyFunctions(db, outdated);
    await grantRuntime(db, databaseUrl, runtimeUrl);
    return [...pending.map(({ name }) => name), ...outdated.map(({ name }) => `${name}.sql`)];
  } finally {
    await closeSession(db); // releases the lock
  }
}

async function requireRight(db: pg.Client, databaseUrl: string): Promise<void> {
  const { rows } = await db.query<{ may: boolean }>(
    `SELECT has_schema_privilege('public', 'CREATE') AS may`,
  );
  if (rows[0]!.may) return;
  throw new Error(
    `The database ${new URL(databaseUrl).pathname.slice(1)} lacks migrations or functions of this release, and the role ${roleOf(databaseUrl)} may not apply them. Run \`node dist/start/migrate.js\` with the _MIGRATION_DATABASE_URL of the role that owns the database, then start again.`,
  );
}

async function isUpToDate(
  db: pg.Client,
  migrations: Migration[],
  functions: FunctionFile[],
): Promise<boolean> {
  const { rows } = await db.query<{ exists: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL
       AND has_table_privilege('public._prisma_migrations', 'SELECT') AS exists`,
  );
  if (!rows[0]!.exists) return false;
  if (notYetApplied(migrations, await appliedBefore(db)).length > 0) return false;
  return (await outdatedFunctions(db, functions, { afterMigrations: false })).length === 0;
}

async function grantRuntime(db: pg.Client, databaseUrl: string, runtimeUrl: string) {
  if (roleOf(runtimeUrl) === roleOf(databaseUrl)) return;
  const grants = await readFile(projectPath('shared/database/grants.sql'), 'utf8');
  await db.query("SELECT set_config('vierblatt.runtime_role', $1, false)", [roleOf(runtimeUrl)]);
  await db.query(grants);
}

const roleOf = (url: string) => decodeURIComponent(new URL(url).username);

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name, 'migration.sql');
      const sql = await readFile(path, 'utf8');
      return { name, path, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

interface AppliedMigration {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

async function appliedBefore(db: pg.Client): Promise<Map<string, AppliedMigration>> {
  const { rows } = await db.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

function notYetApplied(
  migrations: Migration[],
  applied: Map<string, AppliedMigration>,
): Migration[] {
  return migrations.filter(({ name, checksum }) => {
    const row = applied.get(name);
    if (!row) return true;
    if (!row.finished) {
      throw new Error(
        `Migration ${name} failed earlier; repair the database and run "prisma migrate resolve".`,
      );
    }
    if (row.checksum !== checksum) {
      throw new Error(
        `Migration ${name} was changed after it was applied; undo the change and write a new migration.`,
      );
    }
    return false;
  });
}

async function apply(db: pg.Client, { name, path, sql, checksum }: Migration): Promise<void> {
  await db.query('BEGIN');
  try {
    await db.query(sql);
    await db.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await db.query('COMMIT');
  } catch (cause) {
    // On a connection that broke this fails too, and says less.
    await db.query('ROLLBACK').catch(() => undefined);
    throw new Error(`Migration ${name} failed at ${locateSqlError(path, sql, cause)}.`, { cause });
  }
}
