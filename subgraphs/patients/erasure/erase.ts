import type { ClientBase } from 'pg';
import { eraseAllocationsOf, redactPlans } from '../allocation/index.js';
import { eraseAuditOf, redactAudit } from '../audit/index.js';
import {
  erasePatients,
  type Identity,
  type IdentitySeal,
  markErased,
  redactTimeline,
  type SealedIdentity,
  sealedIdentityOf,
} from '../registry/index.js';
import { eraseTransfersOf } from '../transfers/index.js';
import { wordsNaming } from './rules.js';

/**
 * Removes the personal data of patients and publishes the erasure, in the transaction of `db`, which holds their locks. The
 * decisions of care and the records of reads stay, without a reference to a person.
 */
export async function erase(db: ClientBase, ids: readonly string[], at: Date): Promise<void> {
  await erasePatients(db, ids);
  await eraseTransfersOf(db, ids);
  await eraseAllocationsOf(db, ids);
  await eraseAuditOf(db, ids);
  await markErased(db, ids, at);
}

/** Redacts a person in texts about others: the timeline of the incident, its plans, the audit. It is called before `erase`. */
export async function redactMentions(
  db: ClientBase,
  seal: IdentitySeal,
  { id, tag, incidentId: incident }: { id: string; tag: string; incidentId: string | null },
): Promise<void> {
  const sealed = await sealedIdentityOf(db, id);
  const words = wordsNaming(tag, sealed && openOrNothing(seal, id, sealed));
  if (incident !== null) {
    await redactTimeline(db, incident, words);
    await redactPlans(db, incident, words);
  }
  await redactAudit(db, words);
}

/** Returns undefined for an identity whose key was lost: the erasure continues without its words. */
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
