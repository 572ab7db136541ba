import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { inTransaction, listLoader } from '../../../../shared/database/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import type { Job } from '../../../../shared/jobs/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import type { Database } from '../../database/database.js';
import type { TriagePatientInput } from '../../generated/graphql.js';
import type { TriageAssessment } from '../../generated/prisma/client.js';
import { publishCasualties } from '../incidents/index.js';
import { unknownPatient } from '../patients/rules.js';
import {
  changeCare,
  changeTriage,
  lockPatient,
  markDue,
  type LockedPatient,
  publishPatients,
} from '../patients/index.js';
import type { ActiveTransfers } from './active-transfers.js';
import type { PatientVisibility } from '../../access/index.js';
import {
  assess,
  applyCare,
  isDecisive,
  isTransportable,
  applyAssessment,
  type Assessment,
} from './rules.js';
import { ASSESSMENTS_OF, STORE_ASSESSMENT } from './statements.js';

/** A triage as it is returned. */
export type AssessmentRow = Omit<TriageAssessment, 'patientId' | 'seq' | 'findings'>;

type AssessmentOfPatient = AssessmentRow & { patient: string };

/** Triages patients and reads their triages. */
export class TriageStore {
  readonly #db: Pool;
  readonly #transfers: ActiveTransfers;
  readonly #visibility: PatientVisibility;
  readonly #now: Date;
  readonly #histories: DataLoader<string, AssessmentOfPatient[]>;

  constructor(
    { pool }: Database,
    transfers: ActiveTransfers,
    visibility: PatientVisibility,
    now: Date,
  ) {
    this.#db = pool;
    this.#transfers = transfers;
    this.#visibility = visibility;
    this.#now = now;
    this.#histories = listLoader(
      (ids) => this.#load(ids),
      ({ patient }) => patient,
    );
  }

  /** Returns all triages of a patient, oldest first; none for a patient whom the caller may not see. */
  historyOf(patient: string): Promise<AssessmentRow[]> {
    return this.#histories.load(patient);
  }

  /**
   * Triages a patient, once per idempotency key; EX ends their transfer. `permit` throws if the caller sees the patient and lacks
   * the right.
   */
  async triage(
    input: TriagePatientInput,
    caller: Caller,
    permit: (patient: LockedPatient) => void,
  ) {
    const call = { caller, field: 'triagePatient', input, now: this.#now };
    const by = actorOf(caller);
    let jobs: Job[] = [];
    const outcome = await this.#transfers.untilNotOvertaken(() =>
      runOnce(this.#db, call, async (db) => {
        const assessment = assess(input);
        const isDead = !isRefused(assessment) && assessment.category === 'EX';
        // Transfers are locked before patients everywhere.
        const transfer = isDead ? await this.#transfers.lock(db, input.patient) : undefined;
        const patient = await lockPatient(db, input.patient, this.#visibility);
        if (!patient) return unknownPatient(input.patient);
        permit(patient);
        if (isRefused(assessment)) return assessment;
        const care = applyCare(patient, input);
        if (isRefused(care)) return care;
        await transfer?.checkNotOvertaken();
        jobs = (await transfer?.endByDeath(by, this.#now)) ?? [];
        await this.#store(db, patient, assessment, input, by);
        // Needs take effect whether or not a physician states them: a physician outranks others on the category only.
        await changeCare(db, patient.id, care);
        await publishPatients(db, 'patients.patient-triaged', [patient.id], this.#now);
        this.#histories.clear(patient.id);
        return { __typename: 'Patient' as const, id: patient.id };
      }),
    );
    await this.#transfers.runAll(jobs);
    return outcome;
  }

  async #store(
    db: PoolClient,
    patient: LockedPatient,
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
    const next = applyAssessment(patient, assessment, this.#now);
    await changeTriage(db, id, {
      ...next,
      transportPriority: transportPriority ?? patient.transportPriority,
      transportable: isTransportable(patient, { category, transportable }),
    });
    if (next.category !== patient.category) await publishCasualties(db, patient, this.#now);
  }

  async #load(patients: readonly string[]): Promise<AssessmentOfPatient[]> {
    const { rows } = await this.#db.query<AssessmentOfPatient>({
      name: 'assessments-of',
      text: ASSESSMENTS_OF,
      values: [patients, this.#visibility.areas, this.#visibility.facilities],
    });
    return rows;
  }
}

/** Publishes an event for every patient whose next triage is due; each one is published once by one of several processes. */
export function publishDueForTriage({ pool }: Pick<Database, 'pool'>, now: Date): Promise<void> {
  return inTransaction(pool, async (db) => {
    const due = await markDue(db, now);
    if (due.length === 0) return;
    await publishPatients(db, 'patients.patient-due-for-triage', due, now);
  });
}
