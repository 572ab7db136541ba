import type { Pool } from 'pg';
import { inTransaction } from '../../../shared/database/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import { permitCare, patientVisibilityOf } from '../access/index.js';
import { storeAuditEntry } from '../audit/index.js';
import { type IdentitySeal, lockPatient } from '../registry/index.js';
import { unknownPatient } from '../registry/rules.js';
import type { Database } from '../database/database.js';
import { erase, redactMentions } from './erase.js';

/** Erases patients on request. */
export class Erasures {
  readonly #db: Pool;
  readonly #seal: IdentitySeal;
  readonly #now: Date;

  constructor({ pool }: Database, seal: IdentitySeal, now: Date) {
    this.#db = pool;
    this.#seal = seal;
    this.#now = now;
  }

  /** Erases a patient. The audit keeps actor and time; the reason is removed with all other texts about the patient. */
  erase(id: string, reason: string, caller: Caller) {
    return inTransaction(this.#db, async (db) => {
      const patient = await lockPatient(db, id, patientVisibilityOf(caller));
      if (patient) permitCare(caller, 'patients:erase', patient);
      await storeAuditEntry(db, {
        caller,
        purpose: reason,
        at: this.#now,
        action: 'ERASE',
        patient: isUuid(id) ? id : null,
        found: patient !== undefined,
      });
      if (!patient) return unknownPatient(id);
      if (patient.erasedAt === null) {
        await redactMentions(db, this.#seal, patient);
        await erase(db, [id], this.#now);
      }
      return { __typename: 'Patient' as const, id };
    });
  }
}
