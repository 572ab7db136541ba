import DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { inTransaction, listsByKey, rowLoader } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { isRefused, isUuid, type WithTypename } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import { lockFacilities, type LocatedFacility } from '../facilities/index.js';
import { unknownFacility } from '../facilities/rules.js';
import type {
  CloseDepartmentInput,
  Phase,
  UnknownClosure,
  UnknownFacility,
} from '../generated/graphql.js';
import {
  isClosure,
  unknownClosure,
  type AcceptedClosure,
  type ClosingRefusal,
  type OverridingRefusal,
  type StoredClosure,
} from './rules.js';
import {
  CLOSURES_BY_ID,
  CLOSURES_ENDED,
  CLOSURES_IN_FORCE,
  CLOSURE_LOCKED,
  END_CLOSURE,
  STORE_CLOSURE,
  PUBLISH_LAPSED,
} from './statements.js';
import type { ClosureTopic } from './events.js';

/** Where the facility of a closure lies, and in which phase its area is. */
export interface ClosureLocation {
  facility: string;
  area: string;
  phase: Phase;
}

/** A new closure by its id, because what is kept of a call must survive JSON. */
type ClosureRef = Pick<StoredClosure, '__typename' | 'id'>;
type ClosingOutcome = ClosureRef | ClosingRefusal | WithTypename<UnknownFacility>;

const ENDED_DAYS = 7;
const MOST_ENDED = 20;

export class ClosureStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, StoredClosure | undefined>;
  readonly #inForce: DataLoader<string, StoredClosure[]>;
  readonly #ended: DataLoader<string, StoredClosure[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
    this.#inForce = new DataLoader((facilities) =>
      this.#ofFacilities(pool, CLOSURES_IN_FORCE, facilities, [now]),
    );
    const since = new Date(now.getTime() - ENDED_DAYS * DAY_MS);
    this.#ended = new DataLoader((facilities) =>
      this.#ofFacilities(pool, CLOSURES_ENDED, facilities, [now, since, MOST_ENDED]),
    );
  }

  /** A closure that is known to exist. */
  async get(id: string): Promise<StoredClosure> {
    const closure = await this.#byId.load(id);
    if (!closure) throw new Error(`Closure ${id} has vanished.`);
    return closure;
  }

  /** The closures of a facility: those in force now, or the newest that ended lately, or with null both; newest first each. */
  async of(facility: string, active: boolean | null): Promise<StoredClosure[]> {
    return [
      ...(active === false ? [] : await this.#inForce.load(facility)),
      ...(active === true ? [] : await this.#ended.load(facility)),
    ];
  }

  /** The closures in force now of many facilities in one statement; a facility without any has no entry. */
  async inForceOf(facilities: readonly string[]): Promise<Map<string, StoredClosure[]>> {
    const lists = await this.#ofFacilities(this.#db, CLOSURES_IN_FORCE, facilities, [this.#now]);
    return new Map(lists.flatMap((list) => (list[0] ? [[list[0].facilityId, list]] : [])));
  }

  /**
   * Closes what `decide` accepts, once per key. Under the facility's lock, so that of two equal requests at once the second
   * sees the first.
   */
  close(
    input: CloseDepartmentInput,
    caller: Caller,
    decide: (
      facility: LocatedFacility,
      inForce: StoredClosure[],
    ) => AcceptedClosure | ClosingRefusal,
  ) {
    const call = { caller, field: 'closeDepartment', input, now: this.#now };
    return runOnce(this.#db, call, async (db): Promise<ClosingOutcome> => {
      const facility = (await lockFacilities(db, [input.facility])).get(input.facility);
      if (!facility) return unknownFacility(input.facility);
      const [inForce] = await this.#ofFacilities(db, CLOSURES_IN_FORCE, [facility.id], [this.#now]);
      const verdict = decide(facility, inForce!);
      if (isRefused(verdict)) return verdict;
      return this.#add(db, facility, verdict, actorOf(caller));
    });
  }

  /**
   * Ends a closure as `decide` says; the same object means that nothing is to be done. Under the closure's lock, so that
   * it ends once. The phase of the facility's area is read in the same transaction.
   */
  end<Refused extends OverridingRefusal>(
    id: string,
    caller: Caller,
    decide: (closure: StoredClosure, facility: ClosureLocation) => StoredClosure | Refused,
  ): Promise<StoredClosure | Refused | WithTypename<UnknownClosure>> {
    return inTransaction(this.#db, async (db) => {
      const found = await this.#lock(db, id);
      if (!found) return unknownClosure(id);
      const { closure, facility } = found;
      const verdict = decide(closure, facility);
      if (!isClosure(verdict) || verdict === closure) return verdict;
      const { reopenedAt, overriddenAt, overrideReason } = verdict;
      const by = actorOf(caller);
      await db.query(END_CLOSURE, [id, reopenedAt, overriddenAt, overrideReason, by]);
      await this.#publish(
        db,
        reopenedAt ? 'capacity.closure-reopened' : 'capacity.closure-overridden',
        verdict,
        facility.area,
      );
      return verdict;
    });
  }

  /** Writes an event for every closure whose time has run out since the last call, from whatever process. */
  async publishLapsed(): Promise<void> {
    await this.#db.query({
      name: 'publish-lapsed-closures',
      text: PUBLISH_LAPSED,
      values: [this.#now],
    });
  }

  async #add(
    db: PoolClient,
    facility: LocatedFacility,
    accepted: AcceptedClosure,
    by: string,
  ): Promise<ClosureRef> {
    const { department, urgencies, reason, hazard, until } = accepted;
    const { rows } = await db.query<{ id: string }>({
      name: 'store-closure',
      text: STORE_CLOSURE,
      values: [facility.id, department, urgencies, reason, hazard, this.#now, by, until],
    });
    const { id } = rows[0]!;
    await this.#publish(
      db,
      'capacity.closure-declared',
      { id, facilityId: facility.id, department },
      facility.area,
    );
    return { __typename: 'Closure', id };
  }

  #publish(
    db: PoolClient,
    topic: ClosureTopic,
    { id, facilityId, department }: Pick<StoredClosure, 'id' | 'facilityId' | 'department'>,
    area: string,
  ): Promise<void> {
    return publish(db, [
      {
        topic,
        entity: id,
        area,
        tags: [tagOf('facility', facilityId), tagOf('department', department)],
        at: this.#now,
      },
    ]);
  }

  async #lock(
    db: PoolClient,
    id: string,
  ): Promise<{ closure: StoredClosure; facility: ClosureLocation } | undefined> {
    if (!isUuid(id)) return undefined;
    const { rows } = await db.query<
      Omit<StoredClosure, '__typename'> & Omit<ClosureLocation, 'facility'>
    >({
      name: 'closure-locked',
      text: CLOSURE_LOCKED,
      values: [id],
    });
    if (!rows[0]) return undefined;
    const { area, phase, ...closure } = rows[0];
    return {
      closure: { __typename: 'Closure', ...closure },
      facility: { facility: closure.facilityId, area, phase },
    };
  }

  async #load(ids: readonly string[]): Promise<StoredClosure[]> {
    const { rows } = await this.#db.query<StoredClosure>({
      name: 'closures-by-id',
      text: CLOSURES_BY_ID,
      values: [ids.filter(isUuid)],
    });
    return rows.map((row) => ({ ...row, __typename: 'Closure' }));
  }

  async #ofFacilities(
    db: Pool | PoolClient,
    text: string,
    facilities: readonly string[],
    values: readonly unknown[],
  ): Promise<StoredClosure[][]> {
    const { rows } = await db.query<StoredClosure>(text, [facilities, ...values]);
    const closures = rows.map((row): StoredClosure => ({ ...row, __typename: 'Closure' }));
    return listsByKey(facilities, closures, ({ facilityId }) => facilityId);
  }
}
