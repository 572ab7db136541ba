import type { TestIdentity } from '../../../shared/testing/identity.js';
import { NOW } from '../../../shared/testing/now.js';
import {
  subgraphWorld,
  type SubgraphWorld,
  type WorldOptions,
} from '../../../shared/testing/subgraph-world.js';
import { startCapacity } from '../capacity.js';
import { openDatabase } from '../database/database.js';
import { importReferenceData } from '../reference/import.js';

export type { GraphQLResponse } from '../../../shared/testing/graphql-response.js';
export type { TestIdentity } from '../../../shared/testing/identity.js';

/** Crisis staff of all of Germany, who may see and do everything that is tested here. */
export const EVERYWHERE: TestIdentity = { role: 'crisis-staff', areas: [''] };

/** A capacity subgraph with the reference data. */
export function capacityWorld(options: Partial<WorldOptions> = {}): Promise<SubgraphWorld> {
  return subgraphWorld({
    name: 'capacity',
    identity: EVERYWHERE,
    start: (server) => startCapacity({ ...server, wordsRetentionDays: 365 }),
    prepare: importReference,
    ...options,
  });
}

async function importReference(databaseUrl: string): Promise<void> {
  const database = openDatabase(databaseUrl);
  try {
    await importReferenceData(database, NOW);
  } finally {
    await database.close();
  }
}

export type CapacityWorld = SubgraphWorld;
