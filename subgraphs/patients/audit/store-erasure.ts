import type { ClientBase } from 'pg';
import { eraseWords } from '../../../shared/personal-data/index.js';
import { REDACT_AUDIT } from './statements.js';
import { AUDIT_TEXT_COLUMNS } from './text-columns.js';

/** Erases the purposes that readers stated about patients. */
export function eraseAuditOf(db: ClientBase, patients: readonly string[]): Promise<void> {
  return eraseWords(db, AUDIT_TEXT_COLUMNS, patients);
}

/** Redacts words that name a person in all entries. */
export async function redactAudit(db: ClientBase, words: readonly string[]): Promise<void> {
  await db.query(REDACT_AUDIT, [words]);
}
