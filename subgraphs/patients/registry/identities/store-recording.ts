import type { Pool } from 'pg';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { type Caller, reachOf } from '../../../../shared/identity/index.js';
import { idOrNone, isUuid } from '../../../../shared/validation/rules.js';
import { storeAuditEntry, withConcerns } from '../../audit/index.js';
import type { Database } from '../../database/database.js';
import type { RecordIdentityInput } from '../../generated/graphql.js';
import { unknownPatient } from '../patients/rules.js';
import { patientErased } from './rules.js';
import type { Identity, IdentitySeal } from './seal.js';
import { KEEP_IDENTITY, PATIENT_HELD } from './statements.js';

/** Stores identities that become known after the registration. */
export class IdentityRecords {
  readonly #db: Pool;
  readonly #seal: IdentitySeal;
  readonly #now: Date;

  constructor({ pool }: Database, seal: IdentitySeal, now: Date) {
    this.#db = pool;
    this.#seal = seal;
    this.#now = now;
  }

  /** Stores an identity, once per idempotency key, under the lock that an erasure acquires too: erased data does not return. */
  record(input: RecordIdentityInput, identity: Identity, caller: Caller) {
    const call = { caller, field: 'recordIdentity', input, now: this.#now };
    return runOnce(this.#db, call, async (db) => {
      const { rows } = await db.query<{ id: string; erasedAt: Date | null }>({
        name: 'patient-held',
        text: PATIENT_HELD,
        values: [
          idOrNone(input.patient),
          reachOf(caller, { scope: 'patients:identify' }).facilities.filter(isUuid),
        ],
      });
      const patient = rows[0];
      if (!patient) return unknownPatient(input.patient);
      if (patient.erasedAt !== null) {
        return withConcerns(patientErased(patient.erasedAt), { id: patient.id });
      }
      const { keyId, nonce, sealed } = this.#seal.seal(patient.id, identity);
      await db.query(KEEP_IDENTITY, [patient.id, keyId, nonce, sealed]);
      await storeAuditEntry(db, {
        caller,
        purpose: 'identity recorded',
        at: this.#now,
        action: 'RECORD_IDENTITY',
        patient: patient.id,
        found: true,
      });
      return { __typename: 'Patient' as const, id: patient.id };
    });
  }
}
