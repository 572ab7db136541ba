import type { ClientBase } from 'pg';
import { actorOf, type Caller } from '../../../shared/identity/caller.js';

/** That somebody looked at a person, or wanted to, or said who he is. */
export interface Audited {
  caller: Caller;
  action: 'FIND_BY_TAG' | 'REVEAL_IDENTITY' | 'RECORD_IDENTITY' | 'ERASE';
  /** Whom he asked for, whether or not there is such a patient; null for a search that found nobody. */
  patient: string | null;
  /** Whether anything was shown or done. */
  found: boolean;
  purpose: string;
  at: Date;
}

/** Writes an audit entry in the transaction that `db` is in: what is not written down was not shown either. */
export async function audit(
  db: ClientBase,
  { caller, action, patient, found, purpose, at }: Audited,
): Promise<void> {
  await db.query({
    name: 'audit',
    text: `INSERT INTO audit_entry (at, by, roles, action, patient_id, found, purpose)
           VALUES ($1, $2, $3, $4::"AuditAction", $5, $6, $7)`,
    values: [at, actorOf(caller), caller.claims.roles, action, patient, found, purpose],
  });
}
