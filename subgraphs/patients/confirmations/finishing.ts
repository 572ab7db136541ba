import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../shared/database/transaction.js';
import { publish } from '../../../shared/outbox/publish.js';
import { tellPlan } from '../allocations/topics.js';
import { CapacityAway, type CapacityLink } from '../capacity/link.js';
import type { Database } from '../database.js';
import { GRACE_SECONDS, LONGEST_PAUSE_SECONDS, reservationKind } from '../errands/rules.js';
import type { TriageCategory } from '../generated/graphql.js';
import { STORE_ENTRY } from '../incidents/statements.js';
import type { IncidentTopic } from '../incidents/topics.js';
import { incidentTag } from '../sight/sight.js';
import { deadlineOf } from '../transfers/rules.js';
import { tell } from '../transfers/taking.js';
import { limitsOf, reservePlaces, returnPlaces, type GotPlace } from './capacity-calls.js';
import { kindOf, lossOf, pathOfPlan, type Loss } from './rules.js';
import * as statements from './statements.js';

/** How many unfinished confirmations are taken up together; each may have thousands of patients. */
const AT_ONCE = 5;

interface ConfirmingPlan {
  id: string;
  incident: string | null;
  facility: string | null;
  area: string;
  wave: number;
  status: string;
  settledBy: string;
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
  place: GotPlace;
  limitNow: number | null;
}

interface MetRow {
  position: number;
  category: TriageCategory;
  categoryNow: TriageCategory;
  facility: string | null;
  diedAt: Date | null;
  isMoving: boolean;
}

type Place = NonNullable<GotPlace>;

/** What became of the entries of a plan. */
interface Settled {
  kept: (Place & { position: number })[];
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
    if (rows[0]?.status === 'CONFIRMING') {
      const answers = await this.#ask(rows[0]);
      await inTransaction(this.#db, (db) => this.#settle(db, id, answers));
    }
    await this.#giveBack(id);
  }

  /** Finishes what was begun and not ended, by whichever process. One that fails does not hold up the others. */
  async finishDue(): Promise<void> {
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
    const { rows: wanted } = await this.#db.query<Wanted>({
      ...statements.WANTED_PLACES,
      values: [plan.id],
    });
    const places = await reservePlaces(this.#capacity, wanted, {
      plan: plan.id,
      kind: reservationKind(kindOf(plan)),
      actor: plan.settledBy,
    });
    const short = wanted.filter((_, index) => places[index] === undefined);
    const houses = [...new Set(short.map(({ facility }) => facility))];
    const limits = await limitsOf(this.#capacity, houses);
    return new Map(
      wanted.map((one, index) => {
        const limitNow = limits.get(one.facility)?.get(one.category) ?? null;
        return [one.position, { ...one, place: places[index], limitNow }];
      }),
    );
  }

  async #settle(db: PoolClient, id: string, answers: ReadonlyMap<number, Answer>): Promise<void> {
    const { rows } = await db.query<ConfirmingPlan>({
      ...statements.CONFIRMING_PLAN_LOCKED,
      values: [id],
    });
    const plan = rows[0]!;
    const got = [...answers.values()].flatMap(({ place }) => place ?? []);
    const named = await this.#named(db, got);
    if (plan.status !== 'CONFIRMING') {
      // Another process was faster. With the same places, unless those of one of the two have lapsed meanwhile.
      const idle = got.filter(({ item }) => !named.has(item));
      return this.#storeReturns(db, id, idle);
    }
    const settled = await this.#judge(db, plan, answers, named);
    await this.#store(db, plan, settled);
    await this.#tell(db, plan);
  }

  /** Places that transfers have. */
  async #named(db: PoolClient, places: readonly Place[]): Promise<Set<string>> {
    const values = [places.map(({ item }) => item)];
    const { rows } = await db.query<{ item: string }>({ ...statements.PLACES_NAMED, values });
    return new Set(rows.map(({ item }) => item));
  }

  async #judge(
    db: PoolClient,
    { id, facility: from }: ConfirmingPlan,
    answers: ReadonlyMap<number, Answer>,
    named: ReadonlySet<string>,
  ): Promise<Settled> {
    await db.query({ ...statements.LOCK_PATIENTS, values: [id] });
    const { rows } = await db.query<MetRow>({ ...statements.MET_PATIENTS, values: [id] });
    const settled: Settled = { kept: [], lost: [], idle: [] };
    for (const { position, category, categoryNow, facility, diedAt, isMoving } of rows) {
      const { place: got, limitThen, limitNow } = answers.get(position)!;
      // Whoever confirmed could name a place for a transfer of his own, as soon as it was reserved: then no limit is short.
      const place = got && !named.has(got.item) ? got : undefined;
      const room = { isGot: place !== undefined, limitThen, limitNow: got ? limitThen : limitNow };
      const met = { category, now: { category: categoryNow, facility, diedAt }, isMoving };
      const loss = lossOf(met, room, from);
      if (loss) settled.lost.push({ ...loss, position });
      if (loss && place) settled.idle.push(place);
      if (!loss && place) settled.kept.push({ ...place, position });
    }
    return settled;
  }

  async #store(db: PoolClient, plan: ConfirmingPlan, { kept, lost, idle }: Settled): Promise<void> {
    const { id, settledBy: by } = plan;
    const now = this.#now;
    const path = pathOfPlan(plan);
    const status = path.at(-1)!;
    const kind = kindOf(plan);
    const due = deadlineOf({ kind, status, toFacility: 'the one each is sent to' }, now);
    const places = [
      kept.map(({ position }) => position),
      kept.map(({ reservation }) => reservation),
      kept.map(({ item }) => item),
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
  async #tell(db: PoolClient, { id, incident, area, wave, settledBy }: ConfirmingPlan) {
    const at = this.#now;
    await tellPlan(db, 'patients.allocation-confirmed', id, at);
    if (incident === null) return;
    const text = `Allocation of wave ${wave} confirmed.`;
    await db.query(STORE_ENTRY, [incident, 'ALLOCATION_CONFIRMED', at, settledBy, text]);
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
