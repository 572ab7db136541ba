import type { PoolClient } from 'pg';
import {
  publishTransfers,
  storeCreated,
  type Creation,
  type NewTransfer,
} from './store-changes.js';

/**
 * Creates transfers with their steps and publishes them, in one statement for each table however many there are. Returns their
 * ids by patient.
 */
export async function createMany(
  db: PoolClient,
  transfers: readonly NewTransfer[],
  creation: Creation,
): Promise<Map<string, string>> {
  const created = await storeCreated(db, transfers, creation);
  await publishTransfers(db, [...created.values()], creation.published, creation.at);
  return created;
}
