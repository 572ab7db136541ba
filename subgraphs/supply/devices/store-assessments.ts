import type { PoolClient } from 'pg';
import { recordValues } from '../../../shared/database/index.js';
import { deviceFaultBedsColumns } from '../generated/columns.js';
import { SET_ASSESSED, STORE_BEDS } from './statements.js';

/** Beds of a category that a fault takes, with how many there were without it. */
export type AssessedBeds = Record<keyof typeof deviceFaultBedsColumns, unknown>;

/** Stores from which beds a fault takes some, and that it was assessed. */
export async function storeAssessment(
  db: PoolClient,
  { fault, beds }: { fault: string; beds: readonly AssessedBeds[] },
  now: Date,
): Promise<void> {
  if (beds.length > 0) {
    await db.query({ ...STORE_BEDS, values: recordValues(deviceFaultBedsColumns, beds) });
  }
  await db.query({ ...SET_ASSESSED, values: [fault, now] });
}
