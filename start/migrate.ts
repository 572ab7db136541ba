/**
 * Migrates the databases that `<NAME>_MIGRATION_DATABASE_URL` names, grants the role of `<NAME>_DATABASE_URL` what it needs (its
 * password is not used), and ends. For deployments in which no service knows the owner of its database.
 */
import { readSettings, SUBGRAPHS } from '../shared/env.js';
import { migrateAll } from './migrations/migrations.js';

try {
  const { databaseUrl, migrationDatabaseUrl } = readSettings();
  const databases = SUBGRAPHS.flatMap((name) => {
    const [runtime, migration] = [databaseUrl[name], migrationDatabaseUrl[name]];
    return runtime && migration ? [[name, { runtime, migration }] as const] : [];
  });
  if (databases.length === 0) {
    throw new Error(
      'No database to migrate is named. Set CAPACITY_MIGRATION_DATABASE_URL and CAPACITY_DATABASE_URL, or those of another subgraph.',
    );
  }
  for (const name of await migrateAll(Object.fromEntries(databases))) console.log(name);
} catch (error) {
  const { message, cause } = error as Error;
  console.error(cause instanceof Error ? `${message} ${cause.message}` : message);
  process.exitCode = 1;
}
