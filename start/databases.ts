import { closeSession, openSession } from '../shared/database/session.js';
import { SUBGRAPHS, type Settings, type SubgraphName } from '../shared/env.js';
import type { Cluster } from './cluster.js';
import { StartRefusal } from './refusal.js';

/** Where each subgraph keeps its data. */
export type DatabaseUrls = Record<SubgraphName, string>;

/** Whether some subgraph has no database of its own and so needs the embedded server. */
export function needsCluster({ databaseUrl }: Settings): boolean {
  return SUBGRAPHS.some((name) => databaseUrl[name] === undefined);
}

/** Connects to every database server that the settings name. Throws StartRefusal for one that cannot be used. */
export async function requireDatabases({ databaseUrl }: Settings): Promise<void> {
  for (const name of SUBGRAPHS) {
    const url = databaseUrl[name];
    if (url !== undefined) await requireDatabase(`${name.toUpperCase()}_DATABASE_URL`, url);
  }
}

/** The databases the settings name, and those of the embedded server, made where they are missing. */
export async function databaseUrls(
  { databaseUrl }: Settings,
  cluster?: Cluster,
): Promise<DatabaseUrls> {
  const entries = SUBGRAPHS.map(async (name) => {
    const given = databaseUrl[name];
    if (given !== undefined) return [name, given];
    await cluster!.ensureDatabase(name);
    return [name, cluster!.url(name)];
  });
  return Object.fromEntries(await Promise.all(entries)) as DatabaseUrls;
}

async function requireDatabase(setting: string, url: string): Promise<void> {
  if (!/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new StartRefusal(
      `${setting} is ${withoutPassword(url)}, but PostgreSQL is needed. ` +
        'Write postgresql://user:password@host:5432/database, or leave it out to use the embedded one.',
    );
  }
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
