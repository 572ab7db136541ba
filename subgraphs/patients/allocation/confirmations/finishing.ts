import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../../shared/database/transaction.js';
import { publish } from '../../../../shared/outbox/publish.js';
import { tellPlan } from '../plans/topics.js';
import { CapacityAway, type CapacityLink } from '../../capacity-client/client.js';
import type { Database } from '../../database/database.js';
import { reservationKind } from '../../transfers/jobs/rules.js';
import type { TriageCategory } from '../../generated/graphql.js';
import { refusalIfClosed } from '../../registry/incidents/rules.js';
import { addEntry, keepIncidentOpen } from '../../registry/incidents/store-entries.js';
import type { IncidentTopic } from '../../registry/incidents/topics.js';
import { incidentTag } from '../../access/visibility.js';
import { deadlineOf } from '../../transfers/lifecycle/rules.js';
import { tell } from '../../transfers/lifecycle/transition.js';
import {
  isPlace,
  limitsOf,
  placesReserved,
  reservePlaces,
  returnPlaces,
  type GotPlace,
  type Order,
  type Place,
} from './capacity-calls.js';
import {
  GRACE_SECONDS,
  INCIDENT_CLOSED,
  isReservedAtOnce,
  kindOf,
  LONGEST_PAUSE_SECONDS,
  lossOf,
  pathOfPlan,
  type Loss,
  type Met,
} from './rules.js';
import * as statements from './statements.js';

/** How many unfinished confirmations are taken up together; each may have thousands of patients. */
const AT_ONCE = 5;
/** As long as changes are kept for watchers: whoever comes back in time reads what he is told of. */
const DISCARDED_KEPT_DAYS = 7;

interface ConfirmingPlan {
  id: string;
  incident: string | null;
  facility: string | null;
  area: string;
  wave: number;
  status: string;
  confirmedBy: string;
  approved: boolean;
  nextAt: Date | null;
}

interface Wanted {
  position: number;
  facility: string;
  category: TriageCategory;
  limitThen: number | null;
}

/** What capacity said to an entry of the plan. */
interface Answer extends Wanted {
  place: GotPlace;
  limitNow: number | null;
}

interface MetRow extends Met {
  position: number;
}

/** What became of the entries of a plan. */
interface Settled {
  /** With their places, or with none where those are reserved later. */
  kept: { position: number; place: Place | undefined }[];
  lost: (Loss & { position: number })[];
  /** Places for whom nobody came. */
  idle: Place[];
}

/**
 * The second half of a confirmation: places from capacity, then everything that follows from them in one transaction. Each
 * part may be repeated, by whichever process: what a killed one left is found and finished by the next, and no place is got
 * twice or kept for nobody.
 */
export class Confirmations {
  readonly #db: Pool;
  readonly #capacity: CapacityLink;
  readonly #now: Date;

  constructor({ pool }: Pick<Database, 'pool'>, capacity: CapacityLink, now: Date) {
    this.#db = pool;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** Finishes a confirmation that has begun. Throws CapacityAway when it must be tried again. */
  async finish(id: string): Promise<void> {
    const { rows } = await this.#db.query<ConfirmingPlan>({
      ...statements.CONFIRMING_PLAN,
      values: [id],
    });
    const plan = rows[0];
    if (plan?.status === 'CONFIRMING') {
      const answers = await this.#ask(plan);
      await inTransaction(this.#db, (db) => this.#settle(db, id, answers));
    }
    if (plan?.status === 'DISCARDED' && plan.nextAt !== null) await this.#recall(plan);
    await this.#giveBack(id);
  }

  /** Finishes what was begun and not ended, by whichever process. One that fails does not hold up the others. */
  async finishDue(): Promise<void> {
    const purged = new Date(this.#now.getTime() - DISCARDED_KEPT_DAYS * 86_400_000);
    await this.#db.query({ ...statements.PURGE_DISCARDED, values: [this.#now, purged, AT_ONCE] });
    const faults: unknown[] = [];
    let isOver = false;
    while (!isOver) {
      const plans = await this.#due();
      isOver = plans.length === 0;
      for (const plan of plans) {
        try {
          await this.finish(plan);
        } catch (error) {
          // While capacity is away the others would only wait for it too; they are due again soon.
          isOver = error instanceof CapacityAway;
          if (isOver) break;
          faults.push(error);
        }
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  /** Plans of which something is due, each put off, so that another process leaves it alone. */
  async #due(): Promise<string[]> {
    const values = [this.#now, AT_ONCE, GRACE_SECONDS, LONGEST_PAUSE_SECONDS];
    const plans = await this.#db.query<{ plan: string }>({ ...statements.TAKE_DUE_PLANS, values });
    const returns = await this.#db.query<{ plan: string }>({
      ...statements.TAKE_DUE_RETURNS,
      values,
    });
    return [...new Set([...plans.rows, ...returns.rows].map(({ plan }) => plan))];
  }

  /** Outside any transaction: what capacity is asked may take seconds, and no row must be locked meanwhile. */
  async #ask(plan: ConfirmingPlan): Promise<Map<number, Answer>> {
    const wanted = await this.#wanted(plan);
    const isAsked = isReservedAtOnce(plan);
    const places = isAsked ? await reservePlaces(this.#capacity, wanted, orderOf(plan)) : [];
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

  /**
   * Finds what was reserved for a plan that was dropped meanwhile, by a process that did not live to give it back. Whoever
   * still is at it meets the dropped plan himself, and returns what he got.
   */
  async #recall(plan: ConfirmingPlan): Promise<void> {
    const places = await placesReserved(this.#capacity, await this.#wanted(plan), orderOf(plan));
    await inTransaction(this.#db, async (db) => {
      await this.#storeReturns(db, plan.id, await this.#unnamed(db, places));
      await db.query({ ...statements.END_RECALLING, values: [plan.id] });
    });
  }

  async #settle(db: PoolClient, id: string, answers: ReadonlyMap<number, Answer>): Promise<void> {
    const { rows } = await db.query<ConfirmingPlan>({
      ...statements.CONFIRMING_PLAN_LOCKED,
      values: [id],
    });
    const plan = rows[0]!;
    const got = [...answers.values()].map(({ place }) => place).filter(isPlace);
    const free = await this.#unnamed(db, got);
    if (plan.status !== 'CONFIRMING') {
      // Another process was faster, with the same places unless those of one of the two have lapsed meanwhile; or the plan was
      // dropped.
      return this.#storeReturns(db, id, free);
    }
    if (await this.#isOver(db, plan)) {
      const lost = [...answers.keys()].map((position) => ({ ...INCIDENT_CLOSED, position }));
      await this.#store(db, plan, { kept: [], lost, idle: free });
      return tellPlan(db, 'patients.allocation-confirmed', id, this.#now);
    }
    const settled = await this.#judge(db, plan, answers, new Set(free.map(({ item }) => item)));
    await this.#store(db, plan, settled);
    await this.#tell(db, plan);
  }

  /** Whether the incident was closed meanwhile; if not, it is kept open until the transfers are made. */
  async #isOver(db: PoolClient, { incident }: ConfirmingPlan): Promise<boolean> {
    if (incident === null) return false;
    return refusalIfClosed((await keepIncidentOpen(db, incident))!) !== undefined;
  }

  /** Places that no transfer has. */
  async #unnamed(db: PoolClient, places: readonly Place[]): Promise<Place[]> {
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
    for (const { position, ...met } of rows) {
      const { place: got, limitThen, limitNow: asked } = answers.get(position)!;
      // Whoever confirmed could name a place for a transfer of his own, as soon as it was reserved: then no limit is short.
      const place = isPlace(got) && free.has(got.item) ? got : undefined;
      const limitNow = isPlace(got) ? limitThen : asked;
      const refused = got && !isPlace(got) ? got.refused : null;
      const room = { isGot: isLater || place !== undefined, refused, limitThen, limitNow };
      const loss = lossOf(met, room, plan.facility);
      if (loss) settled.lost.push({ ...loss, position });
      if (loss && place) settled.idle.push(place);
      if (!loss) settled.kept.push({ position, place });
    }
    return settled;
  }

  async #store(db: PoolClient, plan: ConfirmingPlan, { kept, lost, idle }: Settled): Promise<void> {
    const { id, confirmedBy: by } = plan;
    const now = this.#now;
    const path = pathOfPlan(plan);
    const status = path.at(-1)!;
    const kind = kindOf(plan);
    const due = deadlineOf({ kind, status, toFacility: 'the one each is sent to' }, now);
    const places = [
      kept.map(({ position }) => position),
      kept.map(({ place }) => place?.reservation),
      kept.map(({ place }) => place?.item),
    ];
    const { rows } = await db.query<{ id: string }>({
      ...statements.STORE_TRANSFERS,
      values: [id, ...places, kind, status, now, due, by],
    });
    await db.query({ ...statements.STORE_STEPS_OF_ALL, values: [id, path, now, by] });
    if (path.includes('APPROVED')) {
      await db.query({ ...statements.STORE_APPROVALS, values: [id, now, by] });
    }
    const losses = [
      lost.map(({ position }) => position),
      lost.map(({ code }) => code),
      lost.map(({ reason }) => reason),
    ];
    await db.query({ ...statements.STORE_LOSSES, values: [id, ...losses] });
    await db.query({ ...statements.KEEP_FACILITY_PLACES, values: [id] });
    await this.#storeReturns(db, id, idle);
    await db.query({ ...statements.END_CONFIRMING, values: [id] });
    const made = rows.map((transfer) => transfer.id);
    await tell(db, made, status, now);
  }

  /** Whoever gives them back does it himself at once; only when he fails do others try. */
  async #storeReturns(db: PoolClient, plan: string, idle: readonly Place[]): Promise<void> {
    if (idle.length === 0) return;
    const others = new Date(this.#now.getTime() + GRACE_SECONDS * 1_000);
    const places = [idle.map(({ reservation }) => reservation), idle.map(({ item }) => item)];
    await db.query({ ...statements.STORE_RETURNS, values: [plan, ...places, others] });
  }

  /** The entry of the timeline says no number: few would tell of single patients. */
  async #tell(db: PoolClient, { id, incident, area, wave, confirmedBy }: ConfirmingPlan) {
    const at = this.#now;
    await tellPlan(db, 'patients.allocation-confirmed', id, at);
    if (incident === null) return;
    const text = `Allocation of wave ${wave} confirmed.`;
    await addEntry(db, { incident, kind: 'ALLOCATION_CONFIRMED', at, by: confirmedBy, text });
    const topic: IncidentTopic = 'patients.incident-allocated';
    await publish(db, [{ topic, entity: incident, area, tags: [incidentTag(incident)], at }]);
  }

  async #giveBack(plan: string): Promise<void> {
    const { rows } = await this.#db.query<{ reservation: string; items: string[]; actor: string }>({
      ...statements.OPEN_RETURNS,
      values: [plan],
    });
    for (const { reservation, items, actor } of rows) {
      await returnPlaces(this.#capacity, { reservation, items }, actor);
      await this.#db.query({ ...statements.END_RETURNS, values: [plan, items, this.#now] });
    }
  }
}

/** How the places of a plan are asked for, by whichever process. */
function orderOf(plan: ConfirmingPlan): Order {
  return {
    plan: plan.id,
    kind: reservationKind(kindOf(plan)),
    area: plan.area,
    actor: plan.confirmedBy,
  };
}
