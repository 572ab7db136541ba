// JavaScript, because Prisma runs it while the build generates code, before anything is compiled.
import pg from 'pg';

/**
 * The parts of a connection URL as `pg` takes them. Never the URL itself: in `pg` a URL's database wins over the
 * option `database`, and a shadow database opened that way would be the real one.
 */
export function connectionParts(url, database) {
  const { hostname, port, username, password, searchParams } = new URL(url);
  const schema = searchParams.get('schema') ?? 'public';
  if (schema !== 'public') {
    throw new Error(
      `The database URL names the schema "${schema}", and this engine migrates "public" only. Use a database of its own instead.`,
    );
  }
  const sslmode = searchParams.get('sslmode') ?? 'disable';
  return {
    host: searchParams.get('host') ?? decodeURIComponent(hostname),
    port: Number(port || 5432),
    user: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    database: database ?? databaseOf(url),
    ...(sslmode === 'disable' ? {} : { ssl: { rejectUnauthorized: sslmode.startsWith('verify') } }),
  };
}

export function databaseOf(url) {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
}

/** Runs one statement in the given database of the URL's server, in a connection of its own. */
export async function execute(url, sql, database) {
  const client = new pg.Client(connectionParts(url, database));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export async function createDatabase(url, name) {
  await execute(url, `CREATE DATABASE ${quoted(name)}`, 'postgres');
}

/** Drops it even while sessions are open: a shadow database's pool may still be closing. */
export async function dropDatabase(url, name) {
  await execute(url, `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`, 'postgres');
}

function quoted(name) {
  return `"${name.replaceAll('"', '""')}"`;
}
