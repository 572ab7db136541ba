import type { Pool, PoolClient } from 'pg';
import { type Call, doneBefore, isRefused, once } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { addJob, type Job } from '../../../../shared/jobs/index.js';
import { refusalIfClosedPlan, unknownPlan } from '../plans/rules.js';
import type { PlanRow } from '../plans/row.js';
import { lockPlan } from '../plans/store.js';
import { publishPlan } from '../plans/topics.js';
import { planViewerOf } from '../plans/viewer.js';
import { idOrNobody, isId } from '../../access/index.js';
import { type CapacityClient, orUnavailable } from '../../capacity-client/index.js';
import { unknownFacility } from '../../capacity-client/rules.js';
import { keepIncidentOpen } from '../../registry/index.js';
import { refusalIfClosed } from '../../registry/rules.js';
import { levelsOf } from '../../transfers/index.js';
import type { Database } from '../../database/database.js';
import type { AllocationOverrideInput, ConfirmAllocationInput } from '../../generated/graphql.js';
import { destinationFacilities, type DestinationFacility } from './capacity-calls.js';
import { CONFIRMATION_JOB } from './finishing.js';
import type { AllocationJobs } from './jobs.js';
import { storeOverrides, type PlannedRow } from './overriding.js';
import { judgeOverrides } from './rules.js';
import * as statements from './statements.js';

/** What is kept of a call that confirmed a plan. */
interface Reference {
  __typename: 'AllocationPlan';
  id: string;
}

interface ConfirmationDependencies {
  database: Pick<Database, 'pool'>;
  capacity: CapacityClient;
  jobs: AllocationJobs;
}

/** Confirms plans: first that it is confirmed is written down, then places are got and what follows from them is done. */
export class ConfirmationStore {
  readonly #db: Pool;
  readonly #capacity: CapacityClient;
  readonly #jobs: AllocationJobs;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor(
    { database: { pool }, capacity, jobs }: ConfirmationDependencies,
    caller: Caller,
    now: Date,
  ) {
    this.#db = pool;
    this.#capacity = capacity;
    this.#jobs = jobs;
    this.#caller = caller;
    this.#now = now;
  }

  /**
   * Confirms a plan, once per key and once at all. While capacity is away the plan stays CONFIRMING, and the loop goes on; so
   * it does after a crash.
   */
  async confirm(input: ConfirmAllocationInput) {
    const call = { caller: this.#caller, field: 'confirmAllocation', input, now: this.#now };
    let added: Job | undefined;
    const outcome =
      (await doneBefore<Reference>(this.#db, call)) ??
      (await this.#once(call, (job) => (added = job)));
    if (isRefused(outcome)) return outcome;
    if (added) await this.#jobs.run(added);
    else await this.#jobs.runOpen(outcome.id);
    return outcome;
  }

  async #once(call: Call & { input: ConfirmAllocationInput }, added: (job: Job) => void) {
    const { plan, overrides: given } = call.input;
    const overrides = given ?? [];
    const facilities = await orUnavailable(
      'Capacity does not answer, so the houses of the overrides cannot be looked up. Nothing was changed; try again in some seconds, or confirm without overrides.',
      () => this.#facilities(plan, overrides),
    );
    return once(this.#db, call, async (db) => {
      const begun = await this.#begin(db, plan, overrides, facilities);
      if ('id' in begun) added(await this.#addJob(db, begun.id));
      return begun;
    });
  }

  /** Every house that overrides name, and the one that sends its patients on. */
  async #facilities(plan: string, overrides: readonly AllocationOverrideInput[]) {
    if (overrides.length === 0) return new Map<string, DestinationFacility>();
    const { rows } = await this.#db.query<{ facility: string | null }>({
      ...statements.FACILITY_OF_PLAN,
      values: [idOrNobody(plan)],
    });
    const ids = [...overrides, ...rows].flatMap(({ facility }) => facility ?? []);
    return destinationFacilities(this.#capacity, [...new Set(ids.filter(isId))]);
  }

  async #begin(
    db: PoolClient,
    id: string,
    overrides: readonly AllocationOverrideInput[],
    facilities: ReadonlyMap<string, DestinationFacility>,
  ) {
    const plan = await lockPlan(db, id, planViewerOf(this.#caller));
    if (!plan) return unknownPlan(id);
    const refused = refusalIfClosedPlan(plan) ?? (await this.#refusalIfOver(db, plan));
    if (refused) return refused;
    const strange = overrides.find(({ facility }) => facility != null && !facilities.has(facility));
    if (strange) return unknownFacility(strange.facility!);
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

  async #refusalIfOver(db: PoolClient, { incident }: PlanRow) {
    if (incident === null) return undefined;
    return refusalIfClosed((await keepIncidentOpen(db, incident))!);
  }

  /** Whether the confirmation is the approval of the transfers it makes. */
  #approves({ area, facility }: PlanRow): boolean {
    const ends = { kind: 'CAPACITY', status: 'REQUESTED', fromArea: area, toArea: null } as const;
    const participants = { fromFacility: facility, toFacility: null, patientArea: area };
    return facility !== null && levelsOf(this.#caller, { ...ends, ...participants }).length > 0;
  }

  async #planned(db: PoolClient, plan: string, overrides: readonly AllocationOverrideInput[]) {
    const ids = overrides.map(({ patient }) => patient).filter(isId);
    const { rows } = await db.query<PlannedRow>({
      ...statements.PLANNED_PATIENTS,
      values: [plan, ids],
    });
    return new Map(rows.map((row) => [row.patient, row]));
  }
}
