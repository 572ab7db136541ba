// JavaScript, because Prisma runs it while the build generates code, before anything is compiled.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { connectionParts, createDatabase, dropDatabase } from './database.mjs';

/** PostgreSQL's internal one-byte type "char", which its catalog uses and PrismaPg does not know. */
const CATALOG_CHAR = 18;
const TEXT = 25;

/** How the engine reaches the database and, to replay migrations, an empty shadow of it. */
export function adapterFactory({ url, shadowDatabaseUrl }) {
  const opened = new Set();
  const factory = bindMigrationAwareSqlAdapterFactory({
    adapterName: '@prisma/adapter-pg',
    provider: 'postgres',
    connect: async () => openAdapter(opened, connectionParts(required(url))),
    connectToShadowDb: async () => {
      if (shadowDatabaseUrl) return openAdapter(opened, connectionParts(shadowDatabaseUrl));
      const shadow = `prisma_migrate_shadow_db_${randomUUID()}`;
      await createDatabase(required(url), shadow);
      return openAdapter(opened, connectionParts(url, shadow), () => dropDatabase(url, shadow));
    },
  });
  return { factory, close: () => Promise.all([...opened].map((adapter) => adapter.dispose())) };
}

function required(url) {
  if (url) return url;
  throw new Error(
    'This command needs a database: set datasource.url in prisma.config.ts, or the environment variable it reads.',
  );
}

/**
 * PrismaPg on a pool of one connection, because the engine keeps its lock and its search path in the session.
 * PrismaPg is made for clients; an engine that reads the catalog and runs scripts needs the two changes below.
 */
async function openAdapter(opened, parts, afterwards = async () => {}) {
  const pool = new pg.Pool({ ...parts, max: 1, idleTimeoutMillis: 0 });
  const query = pool.query.bind(pool);
  let charColumns = [];
  pool.query = async (...args) => {
    const result = await query(...args);
    charColumns = [];
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== CATALOG_CHAR) continue;
      charColumns.push(index);
      field.dataTypeID = TEXT;
    }
    return result;
  };
  const adapter = await new PrismaPg(pool).connect();

  // Catalog columns of type "char" pass PrismaPg as text and are named to the engine as what they are.
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (statement) => {
    const result = await queryRaw(statement);
    for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  // PrismaPg cuts a script at every semicolon, function bodies and literals included. One simple query does not.
  adapter.executeScript = (script) =>
    query(script).then(
      () => {},
      (error) => adapter.onError(error),
    );
  adapter.dispose = async () => {
    if (!opened.delete(adapter)) return;
    await pool.end();
    await afterwards();
  };
  opened.add(adapter);
  return adapter;
}
