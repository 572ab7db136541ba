import { migrate } from '../../shared/database/migrate.js';
import { SUBGRAPHS, type SubgraphName } from '../../shared/env.js';
import { projectPath } from '../../shared/root.js';
import type { DatabaseUrls } from '../postgres/subgraph-database.js';

/**
 * Migrates the databases of the subgraphs, each under the role that owns it, so that no service needs that role. Returns the
 * names of the migrations that were applied.
 */
export async function migrateAll(
  databases: Partial<Record<SubgraphName, DatabaseUrls>>,
): Promise<string[]> {
  const applied = SUBGRAPHS.map(async (name) => {
    const urls = databases[name];
    if (!urls) return [];
    const folder = projectPath('subgraphs', name, 'prisma/migrations');
    const names = await migrate(urls.migration, folder, urls.runtime);
    return names.map((migration) => `${name}: ${migration}`);
  });
  return (await Promise.all(applied)).flat();
}
