import { closeSession, openSession } from '../../shared/database/index.js';
import { SUBGRAPHS, type Settings, type SubgraphName } from '../../shared/env.js';
import type { Cluster } from './cluster.js';
import { StartRefusal } from '../host/refusal.js';
import type { DatabaseUrls } from './subgraph-database.js';

/** Whether some subgraph has no database of its own and so needs the embedded server. */
export function needsCluster({ databaseUrl }: Settings): boolean {
  return SUBGRAPHS.some((name) => databaseUrl[name] === undefined);
}

/** Connects to every database server that the settings name. Throws StartRefusal for one that cannot be used. */
export async function requireDatabases({
  databaseUrl,
  migrationDatabaseUrl,
}: Settings): Promise<void> {
  for (const name of SUBGRAPHS) {
    const prefix = name.toUpperCase();
    const [runtime, migration] = [databaseUrl[name], migrationDatabaseUrl[name]];
    if (runtime === undefined && migration !== undefined) {
      throw new StartRefusal(
        `${prefix}_MIGRATION_DATABASE_URL is set and ${prefix}_DATABASE_URL is not. Name the same database there, under the role with which the service works, or leave both out.`,
      );
    }
    if (runtime !== undefined) await requireDatabase(`${prefix}_DATABASE_URL`, runtime);
    if (migration !== undefined)
      await requireDatabase(`${prefix}_MIGRATION_DATABASE_URL`, migration);
  }
}

/** The databases the settings name, and those of the embedded server, made where they are missing. */
export async function databaseUrls(
  { databaseUrl, migrationDatabaseUrl }: Settings,
  cluster?: Cluster,
): Promise<Record<SubgraphName, DatabaseUrls>> {
  const entries = SUBGRAPHS.map(async (name) => {
    const runtime = databaseUrl[name];
    if (runtime === undefined) return [name, await cluster!.ensureDatabase(name)];
    return [name, { runtime, migration: migrationDatabaseUrl[name] ?? runtime }];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<SubgraphName, DatabaseUrls>;
}

async function requireDatabase(setting: string, url: string): Promise<void> {
  try {
    const session = await openSession(url);
    await session.query('SELECT 1');
    await closeSession(session);
  } catch (error) {
    throw new StartRefusal(
      `${setting} (${withoutPassword(url)}) cannot be connected to: ${reasonOf(error as Error)}. ` +
        'Correct it or start that server, or leave it out to use the embedded one.',
    );
  }
}

/** A host with several addresses fails once for each, and says nothing as a whole. */
function reasonOf(error: Error & { code?: string; errors?: Error[] }): string {
  return error.errors?.[0]?.message || error.message || error.code || 'no reason given';
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = '***';
  for (const name of url.searchParams.keys()) {
    if (/password/i.test(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}
