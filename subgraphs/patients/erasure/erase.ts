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
 * Removes what tells of patients and publishes it, in the transaction of `db`, which holds their locks. What care decided
 * stays, and tells of nobody any more; so does that somebody read it.
 */
export async function erase(db: ClientBase, ids: readonly string[], at: Date): Promise<void> {
  await erasePatients(db, ids);
  await eraseTransfersOf(db, ids);
  await eraseAllocationsOf(db, ids);
  await eraseAuditOf(db, ids);
  await markErased(db, ids, at);
}

/** Redacts a person in texts that are about others: the timeline of the incident, its plans, the audit. Before `erase`. */
export async function redactMentions(
  db: ClientBase,
  seal: IdentitySeal,
  { id, tag, incident }: { id: string; tag: string; incident: string | null },
): Promise<void> {
  const sealed = await sealedIdentityOf(db, id);
  const words = wordsNaming(tag, sealed && openOrNothing(seal, id, sealed));
  if (incident !== null) {
    await redactTimeline(db, incident, words);
    await redactPlans(db, incident, words);
  }
  await redactAudit(db, words);
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
