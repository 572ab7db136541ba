import type { Pool, PoolClient } from 'pg';
import { addJob, type Job, type JobKind, type Recorded } from '../../../../shared/jobs/index.js';
import { publish } from '../../../../shared/outbox/index.js';
import { publishPlan } from '../plans/topics.js';
import { incidentTag } from '../../access/index.js';
import { type CapacityClient, keepFacilityAreas } from '../../capacity-client/index.js';
import { addEntry, type IncidentTopic, keepIncidentOpen } from '../../registry/index.js';
import { refusalIfClosed } from '../../registry/rules.js';
import { createMany } from '../../transfers/index.js';
import { reservationKind } from '../../transfers/rules.js';
import type { TriageCategory } from '../../generated/graphql.js';
import {
  isReservedSlot,
  limitsOf,
  findReservedSlots,
  reserveSlots,
  type SlotOutcome,
  type ReservingPlan,
  type ReservedSlot,
} from './capacity-calls.js';
import {
  INCIDENT_CLOSED,
  isReservedAtOnce,
  kindOf,
  lossOf,
  pathOfPlan,
  type Loss,
  type Met,
} from './rules.js';
import { RETURN_JOB, type ReturnInput } from './returns.js';
import * as statements from './statements.js';

/** The kind under which confirmations of plans are stored. */
export const CONFIRMATION_JOB = 'allocation.confirmation';

interface ConfirmingPlan {
  id: string;
  incident: string | null;
  facility: string | null;
  area: string;
  wave: number;
  status: string;
  confirmedBy: string;
  approved: boolean;
}

interface Wanted {
  position: number;
  facility: string;
  category: TriageCategory;
  limitThen: number | null;
}

/** What capacity said to an entry of the plan. */
interface Answer extends Wanted {
  place: SlotOutcome;
  limitNow: number | null;
}

interface EntryRow {
  position: number;
  patient: string;
  toFacility: string;
  toArea: string;
  /** Why the dispatcher sends the patient there instead; null where that was proposed. */
  overrideReason: string | null;
}

type MetRow = Met & EntryRow;

/** What became of the entries of a plan. */
interface Settled {
  /** With their places, or with none where those are reserved later. */
  kept: (EntryRow & { place: ReservedSlot | undefined })[];
  lost: (Loss & { position: number })[];
  /** Places for whom nobody came. */
  idle: ReservedSlot[];
}

/** What capacity said: to each entry of a plan that is confirmed, or what it had reserved for one that was discarded. */
type Result = { answers: ReadonlyMap<number, Answer> } | { recalled: readonly ReservedSlot[] };

/** What became of a confirmation; the facts are stored with the plan. */
export interface ConfirmationOutcome {
  is: 'CONFIRMED' | 'INCIDENT_CLOSED' | 'DISCARDED';
}

/**
 * The confirmation of a plan, as a job: places from capacity, then everything that follows from them in one transaction. See
 * shared/jobs: no place is reserved twice or kept for nobody, wherever a process is killed.
 */
export class ConfirmationJobKind implements JobKind<
  object,
  Result,
  ConfirmationOutcome,
  ConfirmingPlan
> {
  readonly name = CONFIRMATION_JOB;
  readonly #db: Pool;
  readonly #capacity: CapacityClient;
  readonly #now: () => Date;

  constructor(db: Pool, capacity: CapacityClient, now: () => Date) {
    this.#db = db;
    this.#capacity = capacity;
    this.#now = now;
  }

  async call({ subject }: Job): Promise<Result> {
    const plan = planIn(
      await this.#db.query<ConfirmingPlan>({ ...statements.CONFIRMING_PLAN, values: [subject] }),
    );
    return plan.status === 'DISCARDED'
      ? { recalled: await this.#recall(plan) }
      : { answers: await this.#ask(plan) };
  }

  async lock(db: PoolClient, { subject }: Job): Promise<ConfirmingPlan> {
    return planIn(
      await db.query<ConfirmingPlan>({ ...statements.CONFIRMING_PLAN_LOCKED, values: [subject] }),
    );
  }

  async record(
    db: PoolClient,
    _: Job,
    result: Result,
    plan: ConfirmingPlan,
  ): Promise<Recorded<ConfirmationOutcome>> {
    const free = await this.#unnamed(db, placesIn(result));
    // The plan was discarded meanwhile.
    if (plan.status !== 'CONFIRMING' || !('answers' in result)) {
      return { outcome: { is: 'DISCARDED' }, next: await this.#addReturns(db, plan, free) };
    }
    const { answers } = result;
    if (await this.#isOver(db, plan)) {
      const lost = [...answers.keys()].map((position) => ({ ...INCIDENT_CLOSED, position }));
      const next = await this.#store(db, plan, { kept: [], lost, idle: free });
      await publishPlan(db, 'patients.allocation-confirmed', plan.id, this.#now());
      return { outcome: { is: 'INCIDENT_CLOSED' }, next };
    }
    const settled = await this.#judge(db, plan, answers, new Set(free.map(({ item }) => item)));
    const next = await this.#store(db, plan, settled);
    await this.#tell(db, plan);
    return { outcome: { is: 'CONFIRMED' }, next };
  }

  /** Another attempt was faster, with the same places unless those of one of the two have lapsed meanwhile. */
  async recordLate(
    db: PoolClient,
    _: Job,
    result: Result,
    { locked: plan }: { locked: ConfirmingPlan; outcome: ConfirmationOutcome },
  ): Promise<Job[]> {
    return this.#addReturns(db, plan, await this.#unnamed(db, placesIn(result)));
  }

  /** Outside any transaction: what capacity is asked may take seconds, and no row must be locked meanwhile. */
  async #ask(plan: ConfirmingPlan): Promise<Map<number, Answer>> {
    const wanted = await this.#wanted(plan);
    const isAsked = isReservedAtOnce(plan);
    const places = isAsked ? await reserveSlots(this.#capacity, wanted, orderOf(plan)) : [];
    const short = isAsked ? wanted.filter((_, index) => places[index] === undefined) : [];
    const houses = [...new Set(short.map(({ facility }) => facility))];
    const limits = await limitsOf(this.#capacity, houses);
    return new Map(
      wanted.map((one, index) => {
        const limitNow = limits.get(one.facility)?.get(one.category) ?? null;
        return [one.position, { ...one, place: places[index], limitNow }];
      }),
    );
  }

  async #wanted({ id }: ConfirmingPlan): Promise<Wanted[]> {
    const { rows } = await this.#db.query<Wanted>({ ...statements.WANTED_PLACES, values: [id] });
    return rows;
  }

  /** Finds what was reserved for a plan that was discarded meanwhile, by a process that did not live to return it. */
  async #recall(plan: ConfirmingPlan): Promise<ReservedSlot[]> {
    return findReservedSlots(this.#capacity, await this.#wanted(plan), orderOf(plan));
  }

  /** Whether the incident was closed meanwhile; if not, it is kept open until the transfers are made. */
  async #isOver(db: PoolClient, { incident }: ConfirmingPlan): Promise<boolean> {
    if (incident === null) return false;
    return refusalIfClosed((await keepIncidentOpen(db, incident))!) !== undefined;
  }

  /** Places that no transfer has. */
  async #unnamed(db: PoolClient, places: readonly ReservedSlot[]): Promise<ReservedSlot[]> {
    const values = [places.map(({ item }) => item)];
    const { rows } = await db.query<{ item: string }>({ ...statements.PLACES_NAMED, values });
    const named = new Set(rows.map(({ item }) => item));
    return places.filter(({ item }) => !named.has(item));
  }

  async #judge(
    db: PoolClient,
    plan: ConfirmingPlan,
    answers: ReadonlyMap<number, Answer>,
    free: ReadonlySet<string>,
  ): Promise<Settled> {
    await db.query({ ...statements.LOCK_PATIENTS, values: [plan.id] });
    const { rows } = await db.query<MetRow>({ ...statements.MET_PATIENTS, values: [plan.id] });
    const isLater = !isReservedAtOnce(plan);
    const settled: Settled = { kept: [], lost: [], idle: [] };
    for (const { position, patient, toFacility, toArea, overrideReason, ...met } of rows) {
      const { place: got, limitThen, limitNow: asked } = answers.get(position)!;
      // Whoever confirmed could name a place for a transfer of his own, as soon as it was reserved: then no limit is short.
      const place = isReservedSlot(got) && free.has(got.item) ? got : undefined;
      const limitNow = isReservedSlot(got) ? limitThen : asked;
      const refused = got && !isReservedSlot(got) ? got.refused : null;
      const room = { isGot: isLater || place !== undefined, refused, limitThen, limitNow };
      const loss = lossOf(met, room, plan.facility);
      if (loss) settled.lost.push({ ...loss, position });
      if (loss && place) settled.idle.push(place);
      if (!loss)
        settled.kept.push({ position, patient, toFacility, toArea, overrideReason, place });
    }
    return settled;
  }

  async #store(
    db: PoolClient,
    plan: ConfirmingPlan,
    { kept, lost, idle }: Settled,
  ): Promise<Job[]> {
    const { id, confirmedBy: by } = plan;
    const path = pathOfPlan(plan);
    const kind = kindOf(plan);
    const transfers = kept.map(({ patient, toFacility, toArea, overrideReason, place }) => ({
      ...{ patient, to: { facility: toFacility, area: toArea }, reason: overrideReason },
      reserved: place ?? null,
    }));
    const created = await createMany(db, transfers, {
      ...{ kind, bedCategory: null, path, act: null, isApproved: path.includes('APPROVED') },
      ...{ published: path.at(-1)!, by, at: this.#now() },
    });
    const confirmed = [
      kept.map(({ position }) => position),
      kept.map(({ patient }) => created.get(patient)),
    ];
    await db.query({ ...statements.CONFIRM_ENTRIES, values: [id, ...confirmed] });
    const losses = [
      lost.map(({ position }) => position),
      lost.map(({ code }) => code),
      lost.map(({ reason }) => reason),
    ];
    await db.query({ ...statements.STORE_LOSSES, values: [id, ...losses] });
    await keepFacilityAreas(
      db,
      transfers.map(({ to }) => to),
    );
    await db.query({ ...statements.END_CONFIRMING, values: [id] });
    return this.#addReturns(db, plan, idle);
  }

  async #addReturns(
    db: PoolClient,
    { id: subject, confirmedBy: actor }: ConfirmingPlan,
    idle: readonly ReservedSlot[],
  ): Promise<Job[]> {
    const jobs: Job[] = [];
    for (const reservation of new Set(idle.map((place) => place.reservation))) {
      const places = idle.filter((place) => place.reservation === reservation);
      const input: ReturnInput = { reservation, items: places.map(({ item }) => item) };
      jobs.push(await addJob(db, { kind: RETURN_JOB, subject, input, actor, at: this.#now() }));
    }
    return jobs;
  }

  /** The entry of the timeline says no number: few would tell of single patients. */
  async #tell(db: PoolClient, { id, incident, area, wave, confirmedBy }: ConfirmingPlan) {
    const at = this.#now();
    await publishPlan(db, 'patients.allocation-confirmed', id, at);
    if (incident === null) return;
    const text = `Allocation of wave ${wave} confirmed.`;
    await addEntry(db, { incident, kind: 'ALLOCATION_CONFIRMED', at, by: confirmedBy, text });
    const topic: IncidentTopic = 'patients.incident-allocated';
    await publish(db, [{ topic, entity: incident, area, tags: [incidentTag(incident)], at }]);
  }
}

function planIn({ rows }: { rows: ConfirmingPlan[] }): ConfirmingPlan {
  if (!rows[0]) throw new Error('The plan of a confirmation does not exist.');
  return rows[0];
}

function placesIn(result: Result): ReservedSlot[] {
  if ('recalled' in result) return [...result.recalled];
  return [...result.answers.values()].map(({ place }) => place).filter(isReservedSlot);
}

/** How the places of a plan are asked for, by whichever process. */
function orderOf(plan: ConfirmingPlan): ReservingPlan {
  return {
    plan: plan.id,
    kind: reservationKind(kindOf(plan)),
    area: plan.area,
    actor: plan.confirmedBy,
  };
}
