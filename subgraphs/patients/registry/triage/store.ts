import DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/transaction.js';
import { isRefused, once } from '../../../../shared/idempotency/idempotency.js';
import { actorOf, type Caller } from '../../../../shared/identity/caller.js';
import type { Database } from '../../database/database.js';
import type { ErrandStore } from '../../transfers/jobs/store.js';
import type { TriageMethod, TriageCategory, TriagePatientInput } from '../../generated/graphql.js';
import { tellCasualties } from '../incidents/telling.js';
import { unknownPatient, type PatientRow } from '../patients/rules.js';
import { PATIENT_LOCKED } from '../patients/statements.js';
import { tellPatients } from '../patients/store-events.js';
import { idOrNobody, type Sight } from '../../access/visibility.js';
import {
  checkNotOvertaken,
  endByDeath,
  lockActive,
  untilNotOvertaken,
} from '../../transfers/deaths/ending.js';
import {
  assess,
  caredFor,
  isDecisive,
  isTransportable,
  triaged,
  type Assessment,
  type Care,
} from './rules.js';
import {
  ASSESSMENTS_OF,
  CHANGE_CARE,
  CHANGE_TRIAGE,
  MARK_DUE,
  STORE_ASSESSMENT,
} from './statements.js';

export interface AssessmentRow {
  category: TriageCategory;
  method: TriageMethod;
  byPhysician: boolean;
  decisive: boolean;
  at: Date;
  by: string;
}

/** A patient whom the caller sees, and the houses that have him. */
export type Cared = PatientRow & { treating: string[] };

export class TriageStore {
  readonly #db: Pool;
  readonly #errands: ErrandStore;
  readonly #sight: Sight;
  readonly #now: Date;
  readonly #histories: DataLoader<string, AssessmentRow[]>;

  constructor({ pool }: Database, errands: ErrandStore, sight: Sight, now: Date) {
    this.#db = pool;
    this.#errands = errands;
    this.#sight = sight;
    this.#now = now;
    this.#histories = new DataLoader((ids) => this.#load(ids));
  }

  /** Every triage of a patient, oldest first; none of one whom the caller may not see. */
  historyOf(patient: string): Promise<AssessmentRow[]> {
    return this.#histories.load(patient);
  }

  /**
   * Triages a patient, once per key; EX ends his transfer. `permit` throws for want of a right to somebody who is seen.
   */
  async triage(input: TriagePatientInput, caller: Caller, permit: (patient: Cared) => void) {
    const call = { caller, field: 'triagePatient', input, now: this.#now };
    const by = actorOf(caller);
    let errands: string[] = [];
    const outcome = await untilNotOvertaken(() =>
      once(this.#db, call, async (db) => {
        const assessment = assess(input);
        const isDead = !isRefused(assessment) && assessment.category === 'EX';
        const seen = [this.#sight.areas, this.#sight.facilities, idOrNobody(input.patient)];
        // Transfers are locked before patients everywhere.
        const transfer = isDead ? await lockActive(db, seen) : undefined;
        const patient = await this.#lock(db, input.patient);
        if (!patient) return unknownPatient(input.patient);
        permit(patient);
        if (isRefused(assessment)) return assessment;
        const care = caredFor(patient, input);
        if (isRefused(care)) return care;
        if (isDead) await checkNotOvertaken(db, seen, transfer);
        errands = transfer ? await endByDeath(db, transfer, by, this.#now) : [];
        await this.#store(db, patient, assessment, input, by);
        await this.#change(db, patient, care);
        await tellPatients(db, 'patients.patient-triaged', [patient.id], this.#now);
        this.#histories.clear(patient.id);
        return { __typename: 'Patient' as const, id: patient.id };
      }),
    );
    await this.#errands.runSoon(errands);
    return outcome;
  }

  async #store(
    db: PoolClient,
    patient: Cared,
    assessment: Assessment,
    { findings, transportPriority, transportable }: TriagePatientInput,
    by: string,
  ): Promise<void> {
    const { id } = patient;
    const { category, method, byPhysician } = assessment;
    const decisive = isDecisive(patient, assessment);
    const found = findings ? JSON.stringify(findings) : null;
    const values = [id, category, method, byPhysician, found, decisive, this.#now, by];
    await db.query(STORE_ASSESSMENT, values);
    if (!decisive) return;
    const next = triaged(patient, assessment, this.#now);
    await db.query(CHANGE_TRIAGE, [
      ...[id, next.category, next.byPhysician, next.triagedAt, next.retriageAt, next.diedAt],
      transportPriority ?? patient.transportPriority,
      isTransportable(patient, { category, transportable }),
    ]);
    if (next.category !== patient.category) await tellCasualties(db, patient, this.#now);
  }

  /** What he needs is in force whoever found it: a physician's word outranks others on the category only. */
  async #change(db: PoolClient, { id }: Cared, care: Care): Promise<void> {
    const { needs, ventilated, physicianEscort, pzc } = care;
    await db.query(CHANGE_CARE, [id, needs, ventilated, physicianEscort, pzc]);
  }

  async #lock(db: PoolClient, id: string): Promise<Cared | undefined> {
    const { rows } = await db.query<Cared>({
      name: 'patient-locked',
      text: PATIENT_LOCKED,
      values: [idOrNobody(id), this.#sight.areas, this.#sight.facilities],
    });
    return rows[0];
  }

  async #load(patients: readonly string[]): Promise<AssessmentRow[][]> {
    const { rows } = await this.#db.query<AssessmentRow & { patient: string }>({
      name: 'assessments-of',
      text: ASSESSMENTS_OF,
      values: [patients, this.#sight.areas, this.#sight.facilities],
    });
    const histories = new Map<string, AssessmentRow[]>(patients.map((id) => [id, []]));
    for (const row of rows) histories.get(row.patient)!.push(row);
    return patients.map((id) => histories.get(id)!);
  }
}

/** Writes an event for every patient who is to be triaged again by now and was not told of, from whatever process. */
export function tellDue({ pool }: Pick<Database, 'pool'>, now: Date): Promise<void> {
  return inTransaction(pool, async (db) => {
    const { rows } = await db.query<{ id: string }>(MARK_DUE, [now]);
    if (rows.length === 0) return;
    const due = rows.map(({ id }) => id);
    await tellPatients(db, 'patients.patient-due-for-triage', due, now);
  });
}
