import type { Pool, PoolClient } from 'pg';
import { recordValues } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { addJob, type Job } from '../../../shared/jobs/index.js';
import { publish } from '../../../shared/outbox/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { CapacityJobs } from '../bed-limits/index.js';
import type { Database } from '../database/database.js';
import { deviceFaultBedsColumns } from '../generated/columns.js';
import type { DeviceFaultAct, ReportDeviceFaultInput } from '../generated/graphql.js';
import { eventOf } from './events.js';
import { ASSESSMENT_JOB, type AssessmentInput } from './assessment-job.js';
import type { FaultRow } from './rows.js';
import { unknownFault } from './rules.js';
import { acknowledgeUntil, type FaultAct, faultAfter, refusalIfClosed } from './rules/steps.js';
import * as statements from './statements.js';
import { declareFaults, lockFacilities } from './store-limits.js';

/** A step that is stored. */
export interface NewStep extends Omit<FaultAct, 'act'> {
  act: DeviceFaultAct;
  by: string;
  byPartner: boolean;
}

/** Says whether the caller may act on a fault: by throwing, or false where it is hidden from them. */
type Authorize = (fault: FaultRow) => { byPartner: boolean } | false;

/** Reports faults and does what follows. The callers of its methods check what needs no lock. */
export class DeviceFaultChanges {
  readonly #db: Pool;
  readonly #jobs: CapacityJobs;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, jobs: CapacityJobs, caller: Caller, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#caller = caller;
    this.#now = now;
  }

  /** Reports a fault of a facility that is known to exist, once per key. Capacity learns of it afterwards; nobody waits for that. */
  async report(input: ReportDeviceFaultInput, facility: { id: string; area: string }) {
    let jobs: Job[] = [];
    const outcome = await runOnce(this.#db, this.#call('reportDeviceFault', input), async (db) => {
      await lockFacilities(db, [facility.id]);
      const fault = await this.#store(db, input, facility);
      const step = { act: 'REPORT', by: actorOf(this.#caller), byPartner: false } as const;
      await recordStep(db, fault, step, this.#now);
      if (fault.hasMissingBeds) jobs = [await this.#assess(db, fault)];
      return { __typename: 'DeviceFault' as const, id: fault.id };
    });
    this.#jobs.start(jobs);
    return outcome;
  }

  /** Takes a step, once per key, under the lock of the facility: of two at once the second sees the first. */
  async step(
    field: string,
    input: { fault: string; idempotencyKey: string },
    act: FaultAct,
    authorize: Authorize,
  ) {
    let jobs: Job[] = [];
    const outcome = await runOnce(this.#db, this.#call(field, input), async (db) => {
      const fault = await lockFault(db, input.fault);
      const role = fault && authorize(fault);
      if (!role) return unknownFault(input.fault);
      const refusal = refusalIfClosed(fault);
      if (refusal) return refusal;
      const after = faultAfter(fault, act, this.#now);
      const values = recordValues(statements.CHANGED, [after]);
      await db.query({ ...statements.CHANGE_FAULT, values });
      const step = { ...act, by: actorOf(this.#caller), byPartner: role.byPartner };
      await recordStep(db, fault, step, this.#now);
      if (act.act === 'CLOSE') jobs = await declareFaults(db, [fault.facilityId], this.#now);
      return { __typename: 'DeviceFault' as const, id: fault.id };
    });
    this.#jobs.start(jobs);
    return outcome;
  }

  async #store(
    db: PoolClient,
    input: ReportDeviceFaultInput,
    facility: { id: string; area: string },
  ): Promise<FaultRow & { hasMissingBeds: boolean }> {
    const { kind, failedDevices, devices, beds = [], observedAt, expectedRepairAt } = input;
    const servicePartner = input.servicePartner ?? null;
    const reportedAt = this.#now;
    const fault = {
      facilityId: facility.id,
      area: facility.area,
      kind,
      failed: failedDevices,
      devices,
      description: input.description?.trim() ?? null,
      servicePartnerId: servicePartner,
      since: input.since ?? observedAt,
      expectedRepairAt: expectedRepairAt ?? null,
      source: input.source.trim(),
      observedAt,
      status: 'REPORTED',
      resolution: null,
      reportedAt,
      acknowledgedAt: null,
      escalatedAt: null,
      technicianAt: null,
      acknowledgeUntil: acknowledgeUntil(reportedAt, {
        servicePartner,
        hasMissingBeds: beds.length > 0,
      }),
      closedAt: null,
      assessedAt: null,
    };
    const values = recordValues(statements.NEW_FAULT, [fault]);
    const { rows } = await db.query<FaultRow>({ ...statements.STORE_FAULT, values });
    const missing = beds.map((one) => ({
      faultId: rows[0]!.id,
      category: one.category,
      missing: one.beds,
      intact: null,
    }));
    if (missing.length > 0) {
      const columns = recordValues(deviceFaultBedsColumns, missing);
      await db.query({ ...statements.STORE_BEDS, values: columns });
    }
    return { ...rows[0]!, hasMissingBeds: missing.length > 0 };
  }

  async #assess(db: PoolClient, { id, facilityId, since }: FaultRow): Promise<Job> {
    const input: AssessmentInput = { facility: facilityId, fault: id, since: since.toISOString() };
    const actor = actorOf(this.#caller);
    return addJob(db, { kind: ASSESSMENT_JOB, subject: facilityId, input, actor, at: this.#now });
  }

  #call<Input>(field: string, input: Input) {
    return { caller: this.#caller, field, input, now: this.#now };
  }
}

/** Locks the facility of a fault and returns the fault; undefined if there is none. */
async function lockFault(db: PoolClient, id: string): Promise<FaultRow | undefined> {
  if (!isUuid(id)) return undefined;
  const located = await db.query<Pick<FaultRow, 'facilityId'>>({
    ...statements.FACILITY_OF_FAULT,
    values: [id],
  });
  if (!located.rows[0]) return undefined;
  await lockFacilities(db, [located.rows[0].facilityId]);
  const found = await db.query<FaultRow>({ ...statements.FAULTS_BY_ID, values: [[id]] });
  return found.rows[0];
}

/** Stores a step and publishes its event, where the fault itself is stored already. */
export async function recordStep(
  db: PoolClient,
  fault: FaultRow,
  { act, by, byPartner, expectedAt, resolution, note }: NewStep,
  at: Date,
): Promise<void> {
  const step = {
    faultId: fault.id,
    act,
    at,
    by,
    byPartner,
    expectedAt: expectedAt ?? null,
    resolution: resolution ?? null,
    note: note?.trim() ?? null,
  };
  await db.query({ ...statements.STORE_STEPS, values: recordValues(statements.NEW_STEP, [step]) });
  await publish(db, [eventOf(fault, act, at)]);
}
