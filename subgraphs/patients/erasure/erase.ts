import type { ClientBase } from 'pg';
import type { Identity, IdentitySeal, SealedIdentity } from '../registry/identities/seal.js';
import { tellPatients } from '../registry/patients/store-events.js';
import { wordsNaming } from './rules.js';
import {
  IDENTITY_OF,
  MARK_ERASED,
  REDACT_AUDIT,
  REDACT_PLANS,
  REDACT_TIMELINE,
} from './statements.js';
import { TEXT_COLUMNS } from './text-columns.js';

/** Each statement once, though several columns name it. */
const ERASING = [
  ...new Set(
    Object.values(TEXT_COLUMNS).flatMap((columns) =>
      Object.values(columns).flatMap((column) => (column.holds === 'PATIENT' ? column.erase : [])),
    ),
  ),
];

/**
 * Removes what tells of patients and publishes it, in the transaction of `db`, which holds their locks. What care decided
 * stays, and tells of nobody any more; so does that somebody read it.
 */
export async function erase(db: ClientBase, ids: readonly string[], at: Date): Promise<void> {
  for (const statement of ERASING) await db.query(statement, [ids]);
  await db.query(MARK_ERASED, [ids, at]);
  await tellPatients(db, 'patients.patient-erased', ids, at);
}

/** Redacts a person in texts that are about others: the timeline of the incident, its plans, the audit. Before `erase`. */
export async function redactMentions(
  db: ClientBase,
  seal: IdentitySeal,
  { id, tag, incident }: { id: string; tag: string; incident: string | null },
): Promise<void> {
  const { rows } = await db.query<SealedIdentity>(IDENTITY_OF, [id]);
  const words = wordsNaming(tag, rows[0] && openOrNothing(seal, id, rows[0]));
  if (incident !== null) {
    await db.query(REDACT_TIMELINE, [incident, words]);
    await db.query(REDACT_PLANS, [incident, words]);
  }
  await db.query(REDACT_AUDIT, [words]);
}

/** A name whose key was lost cannot be looked for; the erasure goes on all the same. */
function openOrNothing(
  seal: IdentitySeal,
  id: string,
  sealed: SealedIdentity,
): Identity | undefined {
  try {
    return seal.open(id, sealed);
  } catch {
    return undefined;
  }
}
