import pg from 'pg';
import type { FunctionFile } from './function-files.js';
import { locateSqlError } from './sql-error.js';

/** SQLSTATE of `CREATE OR REPLACE FUNCTION` where the result or the names of the parameters changed. */
const INVALID_FUNCTION_DEFINITION = '42P13';

/** The record in the comment of an applied function: `beds_at.sql, revision 3, sha256 5e8f…`. */
const RECORD = /^\S+\.sql, revision (\d+), sha256 ([0-9a-f]{64})$/;

/**
 * The functions to apply, in the order of `files`: those that the database lacks or has in another form, and after migrations,
 * which may have replaced some, all of them. A function of a higher revision stays: a later release has applied it, and this
 * process is an earlier one that is being replaced.
 */
export async function outdatedFunctions(
  db: pg.Client,
  files: readonly FunctionFile[],
  { afterMigrations }: { afterMigrations: boolean },
): Promise<FunctionFile[]> {
  const records = await readRecords(db);
  return files.filter(({ name, checksum, revision }) => {
    const overloads = records.get(name);
    if (!overloads || overloads.includes(null)) return true;
    if (overloads.some((record) => record!.revision > revision)) return false;
    return afterMigrations || overloads.some((record) => record!.checksum !== checksum);
  });
}

/**
 * Applies functions in one transaction, all or none. After it a name has exactly the overloads that its file creates: where
 * `CREATE OR REPLACE` cannot change a function, it is dropped and created, and an overload of an earlier signature is dropped.
 */
export async function applyFunctions(db: pg.Client, files: readonly FunctionFile[]): Promise<void> {
  if (files.length === 0) return;
  await db.query('BEGIN');
  try {
    let versions = await readVersions(db);
    for (const file of files) versions = await applyFile(db, file, versions);
    await db.query('COMMIT');
  } catch (error) {
    // On a connection that broke this fails too, and says less.
    await db.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Applies one file to a database whose functions are `before`, and returns what they are then. */
async function applyFile(db: pg.Client, file: FunctionFile, before: Versions): Promise<Versions> {
  try {
    await createOrReplace(db, file, before);
    const after = await readVersions(db);
    const created = [...after].filter(([oid, { version }]) => before.get(oid)?.version !== version);
    requireOneName(
      file,
      created.map(([, { name }]) => name),
    );
    for (const [, { signature }] of created) await record(db, signature, file);
    for (const [oid, { name, signature }] of after) {
      if (name !== file.name || created.some(([one]) => one === oid)) continue;
      await db.query(`DROP FUNCTION ${signature}`);
      after.delete(oid);
    }
    return after;
  } catch (cause) {
    throw new Error(
      `Function ${file.name} failed at ${locateSqlError(file.path, file.sql, cause)}.`,
      { cause },
    );
  }
}

async function createOrReplace(
  db: pg.Client,
  { name, sql }: FunctionFile,
  before: Versions,
): Promise<void> {
  await db.query('SAVEPOINT replacing');
  try {
    await db.query(sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== INVALID_FUNCTION_DEFINITION)
      throw error;
    await db.query('ROLLBACK TO SAVEPOINT replacing');
    for (const version of before.values()) {
      if (version.name === name) await db.query(`DROP FUNCTION ${version.signature}`);
    }
    await db.query(sql);
  }
}

function requireOneName({ name }: FunctionFile, created: readonly string[]): void {
  const others = created.filter((other) => other !== name);
  if (others.length > 0) {
    throw new Error(
      `the file of ${name} also creates ${others.join(', ')}; give each function a file of its own`,
    );
  }
  if (created.length === 0) throw new Error(`the file creates no function ${name}`);
}

interface FunctionVersion {
  name: string;
  signature: string;
  /** Changes with each replacement. */
  version: string;
}

/** The functions of a database by their object id. */
type Versions = Map<string, FunctionVersion>;

async function readVersions(db: pg.Client): Promise<Versions> {
  const { rows } = await db.query<FunctionVersion & { oid: string }>(
    `SELECT oid::text, proname AS name, oid::regprocedure::text AS signature, xmin::text || cmin::text AS version
     FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map((row) => [row.oid, row]));
}

async function record(
  db: pg.Client,
  signature: string,
  { name, revision, checksum }: FunctionFile,
): Promise<void> {
  const text = `${name}.sql, revision ${revision}, sha256 ${checksum}`;
  await db.query(`COMMENT ON FUNCTION ${signature} IS ${pg.escapeLiteral(text)}`);
}

type FunctionRecord = Pick<FunctionFile, 'revision' | 'checksum'>;

/** Returns the records in the comments of each function's overloads; null for one that no file has applied. */
async function readRecords(db: pg.Client): Promise<Map<string, (FunctionRecord | null)[]>> {
  const { rows } = await db.query<{ name: string; comments: (string | null)[] }>(
    `SELECT proname AS name, array_agg(obj_description(oid, 'pg_proc')) AS comments
     FROM pg_proc WHERE pronamespace = 'public'::regnamespace GROUP BY proname`,
  );
  return new Map(rows.map(({ name, comments }) => [name, comments.map(parseRecord)]));
}

function parseRecord(comment: string | null): FunctionRecord | null {
  const match = RECORD.exec(comment ?? '');
  return match && { revision: Number(match[1]), checksum: match[2]! };
}
