import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../../shared/database/transaction.js';
import type { Caller } from '../../../shared/identity/caller.js';
import type { Database } from '../database.js';
import { audit } from '../audit/store-writing.js';
import { idOrNobody, isId, permitCare, sightOf } from '../sight/sight.js';
import { unknownPatient, type PatientRow } from './rules.js';
import { pzcWithoutAge } from './rules/pzc.js';
import { ERASE_IDENTITY, ERASE_OVERRIDES, ERASE_TRACES, PATIENT_LOCKED } from './statements.js';
import { tellPatients } from './store-events.js';

/** Removes what tells of a person. What care decided stays, and tells of nobody any more. */
export class Erasures {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  erase(id: string, reason: string, caller: Caller) {
    return inTransaction(this.#db, async (db) => {
      const { areas, facilities } = sightOf(caller);
      const { rows } = await db.query<PatientRow & { treating: string[] }>({
        name: 'patient-locked',
        text: PATIENT_LOCKED,
        values: [idOrNobody(id), areas, facilities],
      });
      const patient = rows[0];
      if (patient) permitCare(caller, 'patients:erase', patient);
      await audit(db, {
        ...{ caller, purpose: reason, at: this.#now },
        action: 'ERASE',
        patient: isId(id) ? id : null,
        found: patient !== undefined,
      });
      if (!patient) return unknownPatient(id);
      if (patient.erasedAt === null) {
        await db.query(ERASE_IDENTITY, [id]);
        await db.query(ERASE_OVERRIDES, [id]);
        const tag = `erased-${randomBytes(8).toString('hex')}`;
        const pzc = patient.pzc && pzcWithoutAge(patient.pzc);
        await db.query(ERASE_TRACES, [id, tag, pzc, this.#now]);
        await tellPatients(db, 'patients.patient-erased', [id], this.#now);
      }
      return { __typename: 'Patient' as const, id };
    });
  }
}
