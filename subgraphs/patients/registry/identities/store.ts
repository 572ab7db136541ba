import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { callersFault } from '../../../../shared/errors/index.js';
import { actorOf, type Caller, forbidden, reachOf } from '../../../../shared/identity/index.js';
import { idOrNone, isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { PatientRef } from '../patients/index.js';
import { unknownPatient } from '../patients/rules.js';
import { familyAreasOf, searchVisibilityOf, seesArea } from '../../access/index.js';
import { storeAuditEntry } from '../../audit/index.js';
import { MOST_SEARCHES, SEARCHES_COUNTED_SECONDS, waitSeconds } from './rules.js';
import type { Identity, IdentitySeal, SealedIdentity } from './seal.js';
import { IDENTITY_BY_ID, PATIENT_BY_TAG, SEARCHES_OF } from './statements.js';

/** The identity of a patient, opened for a response. */
export type RevealedIdentity = Identity & { __typename: 'Identity'; tag: string };

interface IdentityRow {
  id: string;
  tag: string;
  area: string;
  /** The facilities that hold the patient and may know the name. */
  holding: string[];
  keyId: string | null;
  nonce: Buffer | null;
  sealed: Buffer | null;
}

/** Reveals identities and finds patients by tag. Each read writes its audit entry in its own transaction. */
export class IdentityStore {
  readonly #db: Pool;
  readonly #seal: IdentitySeal;
  readonly #now: Date;

  constructor({ pool }: Database, seal: IdentitySeal, now: Date) {
    this.#db = pool;
    this.#seal = seal;
    this.#now = now;
  }

  /** Throws FORBIDDEN, after the audit entry is written, for a patient whom the caller sees and whose name is not for them. */
  async reveal(patient: string, purpose: string, caller: Caller) {
    const verdict = await inTransaction(this.#db, async (db) => {
      const row = await this.#find(db, patient, caller);
      const shown = row !== undefined && mayKnow(caller, row);
      await storeAuditEntry(db, {
        caller,
        purpose,
        at: this.#now,
        action: 'REVEAL_IDENTITY',
        patient: isUuid(patient) ? patient : null,
        found: shown,
      });
      if (!row) return unknownPatient(patient);
      return shown ? this.#open(row) : undefined;
    });
    if (!verdict) throw forbidden(caller, 'patients:identify');
    return verdict;
  }

  /** Returns the last registered patient with this tag whom the caller may search. Throws TOO_MUCH. */
  byTag(
    tag: string,
    incident: string | null,
    purpose: string,
    caller: Caller,
  ): Promise<PatientRef | null> {
    return inTransaction(this.#db, async (db) => {
      await this.#refuseTooMany(db, actorOf(caller));
      const { areas, facilities } = searchVisibilityOf(caller);
      const within = incident === null ? null : idOrNone(incident);
      const { rows } = await db.query<{ id: string; tag: string }>({
        name: 'patient-by-tag',
        text: PATIENT_BY_TAG,
        values: [tag, within, areas, facilities],
      });
      const found = rows[0] ?? null;
      await storeAuditEntry(db, {
        caller,
        purpose,
        at: this.#now,
        action: 'FIND_BY_TAG',
        patient: found?.id ?? null,
        found: found !== null,
      });
      return found;
    });
  }

  /**
   * Counts the searches in the audit, so that the limit holds across processes and restarts. The lock runs the searches of one
   * person one after another; otherwise many concurrent ones would all count as the thirtieth.
   */
  async #refuseTooMany(db: PoolClient, actor: string): Promise<void> {
    await db.query('SELECT pg_advisory_xact_lock(7002, hashtext($1))', [actor]);
    const since = new Date(this.#now.getTime() - SEARCHES_COUNTED_SECONDS * 1_000);
    const { rows } = await db.query<{ count: number; oldest: Date | null }>({
      name: 'searches-of',
      text: SEARCHES_OF,
      values: [actor, since],
    });
    const wait = waitSeconds(rows[0]!.count, rows[0]!.oldest, this.#now);
    if (wait === undefined) return;
    throw callersFault(
      'TOO_MUCH',
      `One person may search ${MOST_SEARCHES} tags in ${SEARCHES_COUNTED_SECONDS} seconds. Try again in ${wait} seconds.`,
    );
  }

  async #find(db: PoolClient, patient: string, caller: Caller): Promise<IdentityRow | undefined> {
    const { areas, facilities } = searchVisibilityOf(caller);
    const { rows } = await db.query<IdentityRow>({
      name: 'identity-by-id',
      text: IDENTITY_BY_ID,
      values: [idOrNone(patient), areas, facilities],
    });
    return rows[0];
  }

  #open({ id, tag, keyId, nonce, sealed }: IdentityRow): RevealedIdentity {
    if (!keyId || !nonce || !sealed) {
      return { __typename: 'Identity', tag, name: null, dateOfBirth: null };
    }
    const identity: SealedIdentity = { keyId, nonce, sealed };
    return { __typename: 'Identity', tag, ...this.#seal.open(id, identity) };
  }
}

/**
 * Returns whether a caller with the scope may know a patient's name: a facility of the caller holds the patient, or the caller is
 * `family-information` of the area.
 */
function mayKnow(caller: Caller, { area, holding }: IdentityRow): boolean {
  const { facilities } = reachOf(caller, { scope: 'patients:identify' });
  if (holding.some((facility) => facilities.includes(facility))) return true;
  return seesArea({ areas: familyAreasOf(caller), facilities }, area);
}
