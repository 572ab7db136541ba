import type { ClientBase } from 'pg';
import type { SealedIdentity } from './seal.js';
import { SEALED_IDENTITY, STORE_IDENTITIES } from './statements.js';

/** Stores the identities of patients who have none yet in one statement. */
export async function storeIdentities(
  db: ClientBase,
  identities: readonly (SealedIdentity & { id: string })[],
): Promise<void> {
  if (identities.length === 0) return;
  await db.query(STORE_IDENTITIES, [
    identities.map(({ id }) => id),
    identities.map(({ keyId }) => keyId),
    identities.map(({ nonce }) => nonce),
    identities.map(({ sealed }) => sealed),
  ]);
}

/** Returns the sealed identity of a patient; undefined if none is known. */
export async function sealedIdentityOf(
  db: ClientBase,
  patient: string,
): Promise<SealedIdentity | undefined> {
  return (await db.query<SealedIdentity>(SEALED_IDENTITY, [patient])).rows[0];
}
