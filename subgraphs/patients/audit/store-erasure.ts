import type { ClientBase, Pool } from 'pg';
import { AT_ONCE, eraseWords, repeat } from '../../../shared/personal-data/index.js';
import { FORGET_AUDIT, REDACT_AUDIT } from './statements.js';
import { AUDIT_TEXT_COLUMNS } from './text-columns.js';

/** Erases the purposes that readers stated about patients. */
export function eraseAuditOf(db: ClientBase, patients: readonly string[]): Promise<void> {
  return eraseWords(db, AUDIT_TEXT_COLUMNS, patients);
}

/** Redacts words that name a person in all entries. */
export async function redactAudit(db: ClientBase, words: readonly string[]): Promise<void> {
  await db.query(REDACT_AUDIT, [words]);
}

/** Deletes the entries that are older than an instant. */
export function forgetEntries(db: Pool, before: Date): Promise<void> {
  return repeat(async () => {
    const { rows } = await db.query<{ count: string }>(FORGET_AUDIT, [before, AT_ONCE]);
    return Number(rows[0]!.count);
  });
}
