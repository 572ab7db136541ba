import type { Pool, PoolClient } from 'pg';
import type { Job, JobKind, JobOutcome } from '../../../../shared/jobs/index.js';
import { publish } from '../../../../shared/outbox/index.js';
import { publishPlan } from '../plans/index.js';
import { incidentTag } from '../../access/index.js';
import type { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import { addEntry, type IncidentTopic, keepIncidentOpen } from '../../registry/index.js';
import { refusalIfClosed } from '../../registry/rules.js';
import { reservationKind } from '../../transfers/rules.js';
import {
  findReservedSlots,
  isReservedSlot,
  limitsOf,
  reserveSlots,
  type ReservedSlot,
  type ReservingPlan,
  type SlotOutcome,
} from './capacity-calls.js';
import { addReturnJobs } from './return-job.js';
import { INCIDENT_CLOSED, lossOf } from './rules/losses.js';
import { isReservedAtOnce, kindOf } from './rules/transfers.js';
import {
  type ConfirmingPlan,
  type EntryOutcomes,
  findConfirming,
  lockConfirming,
  lockPlannedPatients,
  requestedSlots,
  type SlotOfEntry,
  storeOutcomes,
  withoutTransfer,
} from './store-outcomes.js';

/** The kind of jobs that reserve the slots of a plan and record what follows. */
export const CONFIRMATION_JOB = 'allocation.confirm';

/** The slot of an entry with the outcome of the request to capacity. */
interface EntrySlot extends SlotOfEntry {
  outcome: SlotOutcome;
  limitNow: number | null;
  notSustainable: boolean;
}

/** The slots of the entries of a plan that is confirmed, or those that were found for one that was discarded. */
type Result = { slots: ReadonlyMap<number, EntrySlot> } | { found: readonly ReservedSlot[] };

/** How a confirmation ended; the facts are stored with the plan. */
export interface ConfirmationOutcome {
  is: 'CONFIRMED' | 'INCIDENT_CLOSED' | 'DISCARDED';
}

/**
 * The confirmation of a plan, as a job: capacity reserves slots, then one transaction records everything that follows. See
 * shared/jobs: wherever a process crashes, no slot is reserved twice or kept for nobody.
 */
export class ConfirmationJobKind implements JobKind<
  object,
  Result,
  ConfirmationOutcome,
  ConfirmingPlan
> {
  readonly name = CONFIRMATION_JOB;
  readonly formerName = 'allocation.confirmation';
  readonly #db: Pool;
  readonly #capacity: SubgraphClient;
  readonly #now: () => Date;

  constructor(db: Pool, capacity: SubgraphClient, now: () => Date) {
    this.#db = db;
    this.#capacity = capacity;
    this.#now = now;
  }

  async call({ subject }: Job): Promise<Result> {
    const plan = await findConfirming(this.#db, subject);
    if (plan.status !== 'DISCARDED') return { slots: await this.#reserve(plan) };
    // A process may have reserved slots and crashed before it could record them.
    const requested = await requestedSlots(this.#db, plan.id);
    return { found: await findReservedSlots(this.#capacity, requested, reservingPlan(plan)) };
  }

  lock(db: PoolClient, { subject }: Job): Promise<ConfirmingPlan> {
    return lockConfirming(db, subject);
  }

  async record(
    db: PoolClient,
    _: Job,
    result: Result,
    plan: ConfirmingPlan,
  ): Promise<JobOutcome<ConfirmationOutcome>> {
    const at = this.#now();
    const free = await withoutTransfer(db, reservedIn(result));
    // The plan was discarded in between.
    if (plan.status !== 'CONFIRMING' || !('slots' in result)) {
      return { outcome: { is: 'DISCARDED' }, next: await addReturnJobs(db, plan, free, at) };
    }
    const { slots } = result;
    if (await this.#isClosed(db, plan)) {
      const lost = [...slots.keys()].map((position) => ({ ...INCIDENT_CLOSED, position }));
      await storeOutcomes(db, plan, { kept: [], lost }, at);
      await publishPlan(db, 'patients.allocation-confirmed', plan.id, at);
      return { outcome: { is: 'INCIDENT_CLOSED' }, next: await addReturnJobs(db, plan, free, at) };
    }
    const { unused, ...outcomes } = await this.#judge(db, plan, slots, free);
    await storeOutcomes(db, plan, outcomes, at);
    const next = await addReturnJobs(db, plan, unused, at);
    await this.#publish(db, plan, at);
    return { outcome: { is: 'CONFIRMED' }, next };
  }

  /** Another attempt was recorded first, with the same slots unless those of one of the two have lapsed in between. */
  async recordLate(
    db: PoolClient,
    _: Job,
    result: Result,
    { locked: plan }: { locked: ConfirmingPlan; outcome: ConfirmationOutcome },
  ): Promise<Job[]> {
    const free = await withoutTransfer(db, reservedIn(result));
    return addReturnJobs(db, plan, free, this.#now());
  }

  /** Outside any transaction: requests to capacity may last seconds, and no row must be locked for so long. */
  async #reserve(plan: ConfirmingPlan): Promise<Map<number, EntrySlot>> {
    const requested = await requestedSlots(this.#db, plan.id);
    const isNow = isReservedAtOnce(plan);
    const outcomes = isNow
      ? await reserveSlots(this.#capacity, requested, reservingPlan(plan))
      : [];
    const missing = isNow ? requested.filter((_, index) => outcomes[index] === undefined) : [];
    const facilities = [...new Set(missing.map(({ facility }) => facility))];
    const limits = await limitsOf(this.#capacity, facilities);
    return new Map(
      requested.map((entry, index) => {
        const now = limits.get(entry.facility);
        const limitNow = now?.of.get(entry.category) ?? null;
        const notSustainable = now?.notSustainable ?? false;
        return [entry.position, { ...entry, outcome: outcomes[index], limitNow, notSustainable }];
      }),
    );
  }

  /** Whether the incident was closed in between; otherwise it stays open until the transfers are made. */
  async #isClosed(db: PoolClient, { incidentId }: ConfirmingPlan): Promise<boolean> {
    if (incidentId === null) return false;
    return refusalIfClosed((await keepIncidentOpen(db, incidentId))!) !== undefined;
  }

  async #judge(
    db: PoolClient,
    plan: ConfirmingPlan,
    slots: ReadonlyMap<number, EntrySlot>,
    free: readonly ReservedSlot[],
  ): Promise<EntryOutcomes & { unused: ReservedSlot[] }> {
    const patients = await lockPlannedPatients(db, plan.id);
    const freeItems = new Set(free.map(({ item }) => item));
    const isLater = !isReservedAtOnce(plan);
    const judged: EntryOutcomes & { unused: ReservedSlot[] } = { kept: [], lost: [], unused: [] };
    for (const { position, patient, toFacility, toArea, overrideReason, ...change } of patients) {
      const { outcome, limitThen, limitNow, notSustainable } = slots.get(position)!;
      // The person who confirmed may have named the slot for another transfer as soon as it was reserved; then no limit is short.
      const slot = isReservedSlot(outcome) && freeItems.has(outcome.item) ? outcome : undefined;
      const state = {
        isReserved: isLater || slot !== undefined,
        refused: outcome && !isReservedSlot(outcome) ? outcome.refused : null,
        limitThen,
        limitNow: isReservedSlot(outcome) ? limitThen : limitNow,
        notSustainable: notSustainable && !isReservedSlot(outcome),
      };
      const loss = lossOf(change, state, plan.facilityId);
      if (loss) judged.lost.push({ ...loss, position });
      if (loss && slot) judged.unused.push(slot);
      if (!loss) {
        judged.kept.push({ position, patient, toFacility, toArea, overrideReason, slot });
      }
    }
    return judged;
  }

  /** The entry of the timeline has no number, because a small one would reveal single patients. */
  async #publish(db: PoolClient, plan: ConfirmingPlan, at: Date): Promise<void> {
    const { id, incidentId: incident, area, wave, confirmedBy } = plan;
    await publishPlan(db, 'patients.allocation-confirmed', id, at);
    if (incident === null) return;
    const text = `Allocation of wave ${wave} confirmed.`;
    await addEntry(db, { incident, kind: 'ALLOCATION_CONFIRMED', at, by: confirmedBy, text });
    const topic: IncidentTopic = 'patients.incident-allocated';
    await publish(db, [{ topic, entity: incident, area, tags: [incidentTag(incident)], at }]);
  }
}

function reservedIn(result: Result): ReservedSlot[] {
  if ('found' in result) return [...result.found];
  return [...result.slots.values()].map(({ outcome }) => outcome).filter(isReservedSlot);
}

/** Every process requests the slots of a plan with these values. */
function reservingPlan(plan: ConfirmingPlan): ReservingPlan {
  return {
    plan: plan.id,
    kind: reservationKind(kindOf(plan)),
    area: plan.area,
    actor: plan.confirmedBy,
  };
}
