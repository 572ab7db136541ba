import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/index.js';
import { actorOf, type Caller, forbidden, may } from '../../../../shared/identity/index.js';
import { idOrNone } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import { limitToLedAreas, patientVisibilityOf } from '../../access/index.js';
import { storeDeath, publishCasualties, publishPatients } from '../../registry/index.js';
import { unknownPatient } from '../../registry/rules.js';
import type { TransferEndings } from './ending.js';
import {
  sidesOf,
  type PatientToMove,
  type TransferRow,
  PATIENT_TO_MOVE,
} from '../lifecycle/index.js';

/** Records deaths: the patient's death and the end of their transfer. */
export class DeathStore {
  readonly #db: Pool;
  readonly #endings: TransferEndings;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, endings: TransferEndings, caller: Caller, now: Date) {
    this.#db = pool;
    this.#endings = endings;
    this.#caller = caller;
    this.#now = now;
  }

  async record(id: string) {
    const outcome = await this.#endings.untilNotOvertaken(() =>
      inTransaction(this.#db, (db) => this.#record(db, id)),
    );
    if (!('jobs' in outcome)) return outcome;
    await this.#endings.runAll(outcome.jobs);
    return { __typename: 'Patient' as const, id };
  }

  async #record(db: PoolClient, id: string) {
    // Transfers are locked before patients everywhere, so the patient's transfer, if any, comes first.
    const locked = await this.#endings.lock(db, id);
    const patient = await this.#patient(db, id);
    if (!patient) return unknownPatient(id);
    this.#permit(patient, locked.transfer);
    await locked.checkNotOvertaken();
    const by = actorOf(this.#caller);
    // Also of one who was dead already, so that nobody is left on the way.
    const jobs = await locked.endByDeath(by, this.#now);
    if (patient.diedAt !== null) return { jobs };
    await storeDeath(db, id, { at: this.#now, by });
    await publishPatients(db, 'patients.patient-died', [id], this.#now);
    if (patient.category !== 'EX') await publishCasualties(db, patient, this.#now);
    return { jobs };
  }

  #permit({ facilityId: facility, area }: PatientToMove, transfer: TransferRow | undefined): void {
    const location = { area, ...(facility ? { facility } : {}) };
    const mayTriage = may(limitToLedAreas(this.#caller), 'patients:triage', location);
    if (mayTriage || (transfer && sidesOf(this.#caller, transfer).has('CARE'))) return;
    throw forbidden(this.#caller, 'patients:triage');
  }

  async #patient(db: PoolClient, id: string): Promise<PatientToMove | undefined> {
    const { areas, facilities } = patientVisibilityOf(this.#caller);
    const values = [areas, facilities, idOrNone(id)];
    return (await db.query<PatientToMove>({ ...PATIENT_TO_MOVE, values })).rows[0];
  }
}
