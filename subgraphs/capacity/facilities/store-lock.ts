import type { PoolClient } from 'pg';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Facility } from '../generated/prisma/client.js';

/** Where a facility lies, for those who judge rights and limits. */
export type LocatedFacility = Pick<Facility, 'id' | 'area'>;

/**
 * Locks facilities until the transaction ends and gives those that exist, by id. A transaction that reserves slots of a
 * facility holds its lock, so limits are judged on numbers that nobody else is changing. In the order of ids, so that two
 * calls over several facilities never wait for each other in a circle. Reports do not wait: they reserve no slot.
 */
export async function lockFacilities(
  db: PoolClient,
  ids: readonly string[],
): Promise<Map<string, LocatedFacility>> {
  const { rows } = await db.query<LocatedFacility>({
    name: 'lock-facilities',
    text: 'SELECT id, area FROM facility WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
    values: [[...new Set(ids)].filter(isUuid)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}
