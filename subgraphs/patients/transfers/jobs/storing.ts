import type { PoolClient } from 'pg';
import { GRACE_SECONDS, type Errand } from './rules.js';
import { STORE_ERRAND } from './statements.js';

/** Writes an errand in the transaction of the step that needs it, and gives its id. */
export async function storeErrand(
  db: PoolClient,
  errand: Omit<Errand, 'id' | 'tries' | 'outcome'>,
): Promise<string> {
  const { rows } = await db.query<{ id: string }>({
    ...STORE_ERRAND,
    values: [
      errand.transfer,
      errand.kind,
      errand.attempt,
      errand.facility,
      errand.bedCategory,
      errand.intake,
      errand.reservation,
      errand.item,
      errand.actor,
      errand.createdAt,
      new Date(errand.createdAt.getTime() + GRACE_SECONDS * 1000),
    ],
  });
  return rows[0]!.id;
}
