import type { Pool, PoolClient } from 'pg';
import { type Call, doneBefore, runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { addJob, type Job } from '../../../../shared/jobs/index.js';
import { idOrNone, isRefused, isUuid } from '../../../../shared/validation/rules.js';
import { refusalIfClosedPlan, unknownPlan } from '../plans/rules.js';
import { type PlanRow, lockPlan, publishPlan, planVisibilityOf } from '../plans/index.js';
import { orUnavailable, type SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import { unknownFacility } from '../../capacity-client/rules.js';
import { keepIncidentOpen } from '../../registry/index.js';
import { refusalIfClosed } from '../../registry/rules.js';
import { levelsOf } from '../../transfers/index.js';
import type { Database } from '../../database/database.js';
import type { AllocationOverrideInput, ConfirmAllocationInput } from '../../generated/graphql.js';
import { destinationFacilities, type DestinationFacility } from './capacity-calls.js';
import { CONFIRMATION_JOB } from './confirmation-job.js';
import type { AllocationJobs } from './jobs.js';
import { judgeOverrides } from './rules/overrides.js';
import * as statements from './statements.js';
import { storeOverrides, type PlannedRow } from './store-overrides.js';

/** The stored result of a call that confirmed a plan. */
interface Reference {
  __typename: 'AllocationPlan';
  id: string;
}

interface ConfirmationDependencies {
  database: Pick<Database, 'pool' | 'prisma'>;
  capacity: SubgraphClient;
  jobs: AllocationJobs;
}

/** Confirms plans: the confirmation is stored first, with the job that then reserves slots and creates the transfers. */
export class ConfirmationStore {
  readonly #db: Pool;
  readonly #prisma: Database['prisma'];
  readonly #capacity: SubgraphClient;
  readonly #jobs: AllocationJobs;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor(
    { database: { pool, prisma }, capacity, jobs }: ConfirmationDependencies,
    caller: Caller,
    now: Date,
  ) {
    this.#db = pool;
    this.#prisma = prisma;
    this.#capacity = capacity;
    this.#jobs = jobs;
    this.#caller = caller;
    this.#now = now;
  }

  /**
   * Confirms a plan, once per key and once at all. While capacity is unavailable the plan stays CONFIRMING, and the job loop
   * finishes it, as it does after a crash.
   */
  async confirm(input: ConfirmAllocationInput) {
    const call = { caller: this.#caller, field: 'confirmAllocation', input, now: this.#now };
    let added: Job | undefined;
    const outcome =
      (await doneBefore<Reference>(this.#db, call)) ??
      (await this.#runOnce(call, (job) => (added = job)));
    if (isRefused(outcome)) return outcome;
    if (added) await this.#jobs.run(added);
    else await this.#jobs.runOpen(outcome.id);
    return outcome;
  }

  async #runOnce(call: Call & { input: ConfirmAllocationInput }, added: (job: Job) => void) {
    const { plan, overrides: given } = call.input;
    const overrides = given ?? [];
    const facilities = await orUnavailable(
      'Capacity is unavailable, so the facilities of the overrides cannot be looked up. Nothing was changed; try again in some seconds, or confirm without overrides.',
      () => this.#facilities(plan, overrides),
    );
    return runOnce(this.#db, call, async (db) => {
      const outcome = await this.#begin(db, plan, overrides, facilities);
      if ('id' in outcome) added(await this.#addJob(db, outcome.id));
      return outcome;
    });
  }

  /** Returns every facility that overrides name, and the one whose patients the plan distributes. */
  async #facilities(plan: string, overrides: readonly AllocationOverrideInput[]) {
    if (overrides.length === 0) return new Map<string, DestinationFacility>();
    const origin = await this.#prisma.allocationPlan.findUnique({
      where: { id: idOrNone(plan) },
      select: { facilityId: true },
    });
    const named = [origin?.facilityId, ...overrides.map(({ facility }) => facility)];
    const ids = named.flatMap((id) => (id != null && isUuid(id) ? [id] : []));
    return destinationFacilities(this.#capacity, [...new Set(ids)]);
  }

  async #begin(
    db: PoolClient,
    id: string,
    overrides: readonly AllocationOverrideInput[],
    facilities: ReadonlyMap<string, DestinationFacility>,
  ) {
    const plan = await lockPlan(db, id, planVisibilityOf(this.#caller));
    if (!plan) return unknownPlan(id);
    const refused = refusalIfClosedPlan(plan) ?? (await this.#refusalIfIncidentClosed(db, plan));
    if (refused) return refused;
    const unknown = overrides.find(({ facility }) => facility != null && !facilities.has(facility));
    if (unknown) return unknownFacility(unknown.facility!);
    const planned = await this.#planned(db, id, overrides);
    const judged = judgeOverrides(overrides, planned);
    if (isRefused(judged)) return judged;
    await storeOverrides(db, plan, judged, { planned, facilities });
    await db.query({
      ...statements.BEGIN_CONFIRMING,
      values: [id, this.#now, actorOf(this.#caller), this.#approves(plan)],
    });
    await publishPlan(db, 'patients.allocation-confirming', id, this.#now);
    const reference: Reference = { __typename: 'AllocationPlan', id };
    return reference;
  }

  #addJob(db: PoolClient, subject: string): Promise<Job> {
    const actor = actorOf(this.#caller);
    return addJob(db, { kind: CONFIRMATION_JOB, subject, input: {}, actor, at: this.#now });
  }

  async #refusalIfIncidentClosed(db: PoolClient, { incidentId }: PlanRow) {
    if (incidentId === null) return undefined;
    return refusalIfClosed((await keepIncidentOpen(db, incidentId))!);
  }

  /** Whether the confirmation is the approval of the transfers it makes. */
  #approves({ area, facilityId: facility }: PlanRow): boolean {
    const ends = { kind: 'CAPACITY', status: 'REQUESTED', fromArea: area, toArea: null } as const;
    const participants = { fromFacility: facility, toFacility: null, patientArea: area };
    return facility !== null && levelsOf(this.#caller, { ...ends, ...participants }).length > 0;
  }

  async #planned(db: PoolClient, plan: string, overrides: readonly AllocationOverrideInput[]) {
    const ids = overrides.map(({ patient }) => patient).filter(isUuid);
    const { rows } = await db.query<PlannedRow>({
      ...statements.PLANNED_PATIENTS,
      values: [plan, ids],
    });
    return new Map(rows.map((row) => [row.patient, row]));
  }
}
