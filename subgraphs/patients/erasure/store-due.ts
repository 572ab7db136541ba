import type { PoolClient } from 'pg';
import { DUE_OF_FACILITIES, DUE_OF_INCIDENTS } from './statements.js';

/** Locks and returns the ids of up to `count` patients of incidents that were closed before an instant. */
export async function patientsOfIncidents(
  db: PoolClient,
  before: Date,
  count: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(DUE_OF_INCIDENTS, [before, count]);
  return rows.map(({ id }) => id);
}

/** Locks and returns the ids of up to `count` patients without an incident who were registered before an instant. */
export async function patientsOfFacilities(
  db: PoolClient,
  before: Date,
  count: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(DUE_OF_FACILITIES, [before, count]);
  return rows.map(({ id }) => id);
}
