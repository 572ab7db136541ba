import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  closeSession,
  databaseSources,
  migrate,
  openSession,
} from '../../shared/database/index.js';
import { SUBGRAPHS, type SubgraphName } from '../../shared/env.js';
import { startCluster } from '../../start/postgres/cluster.js';
import type pg from 'pg';

/** Runs a PostgreSQL in which each subgraph has an empty database, migrated as an operator does it, and reads each of them. */
export async function readMigratedDatabases<Result>(
  read: (name: SubgraphName, session: pg.Client) => Promise<Result>,
): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vierblatt-migrated-'));
  try {
    const cluster = await startCluster(folder);
    try {
      const results: Result[] = [];
      for (const name of SUBGRAPHS) {
        const { migration, runtime } = await cluster.ensureDatabase(name);
        await migrate(migration, databaseSources(name), runtime);
        const session = await openSession(migration);
        try {
          results.push(await read(name, session));
        } finally {
          await closeSession(session);
        }
      }
      return results;
    } finally {
      await cluster.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
