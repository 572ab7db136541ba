import type { ClientBase } from 'pg';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { QualificationStatus } from '../generated/prisma/client.js';
import { visibilityOf } from './access.js';
import * as statements from './statements.js';

/** Locks the qualifications that the caller oversees; returns the record of each. */
export async function lockOverseen(
  db: ClientBase,
  ids: readonly string[],
  caller: Caller,
): Promise<ReadonlyMap<string, string>> {
  const { chambers, offices } = visibilityOf(caller);
  const { rows } = await db.query<{ id: string; professional: string }>({
    name: 'overseen-qualifications',
    text: statements.OVERSEEN_QUALIFICATIONS,
    values: [ids.filter(isUuid), chambers, offices],
  });
  return new Map(rows.map(({ id, professional }) => [id, professional]));
}

/** Stores the status of qualifications that were locked. */
export async function storeStatuses(
  db: ClientBase,
  statuses: ReadonlyMap<string, QualificationStatus>,
  { caller, at }: { caller: Caller; at: Date },
): Promise<void> {
  await db.query({
    name: 'verify-qualifications',
    text: statements.VERIFY_QUALIFICATIONS,
    values: [[...statuses.keys()], [...statuses.values()], at, actorOf(caller)],
  });
}
