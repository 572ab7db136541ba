import { databaseSources, migrate } from '../../shared/database/index.js';
import { SUBGRAPHS, type SubgraphName } from '../../shared/env.js';
import type { DatabaseUrls } from '../postgres/subgraph-database.js';

/**
 * Migrates the databases of the subgraphs, each under the role that owns it, so that no service needs that role. Returns the
 * names of the migrations and functions that were applied.
 */
export async function migrateAll(
  databases: Partial<Record<SubgraphName, DatabaseUrls>>,
): Promise<string[]> {
  const applied = SUBGRAPHS.map(async (name) => {
    const urls = databases[name];
    if (!urls) return [];
    const names = await migrate(urls.migration, databaseSources(name), urls.runtime);
    return names.map((applied) => `${name}: ${applied}`);
  });
  return (await Promise.all(applied)).flat();
}
