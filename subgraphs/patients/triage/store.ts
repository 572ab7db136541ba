import DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../shared/database/transaction.js';
import { isRefused, once } from '../../../shared/idempotency/idempotency.js';
import { actorOf, type Caller } from '../../../shared/identity/caller.js';
import { publish } from '../../../shared/outbox/publish.js';
import type { Database } from '../database.js';
import type { TriageMethod, TriageCategory, TriagePatientInput } from '../generated/graphql.js';
import { CASUALTIES_CHANGED } from '../incidents/topics.js';
import { unknownPatient, type PatientRow } from '../patients/rules.js';
import { PATIENT_LOCKED } from '../patients/statements.js';
import { tellPatients } from '../patients/store-events.js';
import { incidentTag, idOrNobody, type Sight } from '../sight/sight.js';
import { assess, isDecisive, triaged, type Assessment } from './rules.js';
import { ASSESSMENTS_OF, CHANGE_TRIAGE, MARK_DUE, STORE_ASSESSMENT } from './statements.js';

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
  readonly #sight: Sight;
  readonly #now: Date;
  readonly #histories: DataLoader<string, AssessmentRow[]>;

  constructor({ pool }: Database, sight: Sight, now: Date) {
    this.#db = pool;
    this.#sight = sight;
    this.#now = now;
    this.#histories = new DataLoader((ids) => this.#load(ids));
  }

  /** Every triage of a patient, oldest first; none of one whom the caller may not see. */
  historyOf(patient: string): Promise<AssessmentRow[]> {
    return this.#histories.load(patient);
  }

  /** Triages a patient, once per key. `permit` throws for want of a right to somebody who is seen. */
  triage(input: TriagePatientInput, caller: Caller, permit: (patient: Cared) => void) {
    const call = { caller, field: 'triagePatient', input, now: this.#now };
    return once(this.#db, call, async (db) => {
      const patient = await this.#lock(db, input.patient);
      if (!patient) return unknownPatient(input.patient);
      permit(patient);
      const assessment = assess(input);
      if (isRefused(assessment)) return assessment;
      await this.#store(db, patient, assessment, input, actorOf(caller));
      await tellPatients(db, 'patients.patient-triaged', [patient.id], this.#now);
      this.#histories.clear(patient.id);
      return { __typename: 'Patient' as const, id: patient.id };
    });
  }

  async #store(
    db: PoolClient,
    patient: Cared,
    assessment: Assessment,
    { findings, transportPriority }: TriagePatientInput,
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
    ]);
    if (next.category !== patient.category) await this.#tellIncident(db, patient);
  }

  async #tellIncident(db: PoolClient, { incident, area }: Cared): Promise<void> {
    if (incident === null) return;
    const tags = [incidentTag(incident)];
    await publish(db, [{ topic: CASUALTIES_CHANGED, entity: incident, area, tags, at: this.#now }]);
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
