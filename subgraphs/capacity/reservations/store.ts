import DataLoader from 'dataloader';
import { inTransaction, listLoader, rowLoader } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import { casualtyVisibilityValues, type CasualtyVisibility } from '../access/index.js';
import type { Database } from '../database/database.js';
import type { ReservationFilter, ReserveBedsInput } from '../generated/graphql.js';
import type { Reservation } from '../generated/prisma/client.js';
import { type ShortfallFacts, expiryOutOfRange } from './reserving/rules.js';
import type { ItemLife, ReservationAct } from './transitions/rules.js';
import {
  ITEMS_NAMED,
  ITEMS_OF,
  RESERVATIONS_BY_ID,
  STANDING_OF,
  type RESERVATION,
} from './statements.js';
import { alternativesTo, type Alternative } from './store-alternatives.js';
import { reserveWithin, type Actor } from './reserving/index.js';
import { reservationPage, type ReservationPage } from './store-pages.js';
import { type ItemRow, transitionWithin, type TransitionInput } from './transitions/index.js';
import { limited } from './concurrency.js';

/** A reservation by its id; the rest is read when it is requested. */
export interface ReservationRef {
  id: string;
}

type ReservationRow = Pick<Reservation, keyof typeof RESERVATION>;

type StandingItem = ItemLife & { reservationId: string };

const ofReservation = ({ reservationId }: { reservationId: string }) => reservationId;

/** Reads and changes reservations, of each only the slots that the caller sees. */
export class ReservationStore {
  readonly #database: Database;
  readonly #now: Date;
  readonly #visibility: CasualtyVisibility;
  readonly #byId: DataLoader<string, ReservationRow | undefined>;
  readonly #items: DataLoader<string, ItemRow[]>;
  readonly #named: DataLoader<string, ItemRow | undefined>;
  readonly #standing: DataLoader<string, StandingItem[]>;
  readonly #alternatives: DataLoader<ShortfallFacts, Alternative[], string>;

  constructor(database: Database, now: Date, visibility: CasualtyVisibility) {
    this.#visibility = visibility;
    this.#database = database;
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
    this.#items = listLoader((ids) => this.#loadItems(ids), ofReservation);
    this.#named = rowLoader(
      (ids) => this.#loadNamed(ids),
      ({ id }) => id,
    );
    this.#standing = listLoader((ids) => this.#loadStanding(ids), ofReservation);
    this.#alternatives = new DataLoader((shortfalls) => this.#loadAlternatives(shortfalls), {
      cacheKeyFn: ({ facility, category, intake, requested }) =>
        `${facility} ${category ?? intake} ${requested}`,
    });
  }

  find(id: string): Promise<ReservationRow | undefined> {
    return this.#byId.load(id);
  }

  /** The row of a reservation that the caller is known to see. */
  async get({ id }: ReservationRef): Promise<ReservationRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Reservation ${id} has vanished.`);
    return row;
  }

  /** The items of a reservation that the caller sees, in the order they were requested. */
  items({ id }: ReservationRef): Promise<ItemRow[]> {
    return this.#items.load(id);
  }

  /** As much of the items as says where the reservation stands on the whole; few of thousands. */
  standing({ id }: ReservationRef): Promise<ItemLife[]> {
    return this.#standing.load(id);
  }

  /** Those of the items that are named, in the order they were requested; what is named in vain is left out. */
  async itemsNamed({ id }: ReservationRef, named: readonly string[]): Promise<ItemRow[]> {
    const items = await Promise.all([...new Set(named)].map((each) => this.#named.load(each)));
    return items
      .filter((item) => item !== undefined)
      .filter(({ reservationId }) => reservationId === id)
      .sort((a, b) => a.position - b.position);
  }

  /**
   * Reads many at once, before each is read by itself. A read that fails here fails again there. Not the items: one
   * reservation may have thousands, and most subscribers select none.
   */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
    void this.#standing.loadMany(ids);
  }

  page(
    filter: ReservationFilter,
    first: number,
    after: string | null | undefined,
  ): Promise<ReservationPage> {
    return reservationPage(this.#database.prisma, this.#now, {
      filter,
      first,
      after,
      visibility: this.#visibility,
    });
  }

  /** The nearest other facilities that have enough of what an item fell short of. */
  alternatives(shortfall: ShortfallFacts): Promise<Alternative[]> {
    return this.#alternatives.load(shortfall);
  }

  /** Reserves slots, once per key. `permitAt` throws where the caller has no right to reserve any. */
  reserve(input: ReserveBedsInput, caller: Caller, permitAt: Actor['permitAt']) {
    // The origin decides who sees it and is no part of the request: a repetition that says more of it is still one.
    const { origin: _, ...request } = input;
    const call = { caller, field: 'reserveBeds', input: request, now: this.#now };
    const actor = this.#actor(caller, permitAt);
    const { pool } = this.#database;
    return limited(pool, actor.name, () =>
      runOnce(pool, call, (db) => reserveWithin(db, input, actor)),
    );
  }

  /** Makes reserved slots firm. */
  async confirm(input: TransitionInput, caller: Caller, permitAt: Actor['permitAt']) {
    const outOfRange = input.until && expiryOutOfRange(input.until, this.#now);
    return outOfRange ?? this.transition('confirm', input, caller, permitAt);
  }

  /** Makes a transition of reserved slots. `permitAt` throws where the caller has no right to. */
  async transition(
    act: ReservationAct,
    input: TransitionInput,
    caller: Caller,
    permitAt: Actor['permitAt'],
  ) {
    const actor = this.#actor(caller, permitAt);
    const { pool } = this.#database;
    const outcome = await limited(pool, actor.name, () =>
      inTransaction(
        pool,
        (db) => transitionWithin(db, act, input, actor),
        (result) => !isRefused(result),
      ),
    );
    this.#items.clear(input.reservation);
    this.#standing.clear(input.reservation);
    this.#named.clearAll();
    return outcome;
  }

  #actor(caller: Caller, permitAt: Actor['permitAt']): Actor {
    return { name: actorOf(caller), now: this.#now, permitAt, visibility: this.#visibility };
  }

  async #load(ids: readonly string[]): Promise<ReservationRow[]> {
    const { rows } = await this.#database.pool.query<ReservationRow>({
      name: 'reservations-by-id',
      text: RESERVATIONS_BY_ID,
      values: [ids.filter(isUuid), ...casualtyVisibilityValues(this.#visibility)],
    });
    return rows;
  }

  async #loadItems(ids: readonly string[]): Promise<ItemRow[]> {
    const { rows } = await this.#database.pool.query<ItemRow>({
      name: 'items-of-reservations',
      text: ITEMS_OF,
      values: [ids.filter(isUuid), ...casualtyVisibilityValues(this.#visibility)],
    });
    return rows;
  }

  async #loadStanding(ids: readonly string[]): Promise<StandingItem[]> {
    const { rows } = await this.#database.pool.query<StandingItem>({
      name: 'standing-of-reservations',
      text: STANDING_OF,
      values: [ids.filter(isUuid), this.#now, ...casualtyVisibilityValues(this.#visibility)],
    });
    return rows;
  }

  async #loadNamed(ids: readonly string[]): Promise<ItemRow[]> {
    const { rows } = await this.#database.pool.query<ItemRow>({
      name: 'items-named',
      text: ITEMS_NAMED,
      values: [ids.filter(isUuid), ...casualtyVisibilityValues(this.#visibility)],
    });
    return rows;
  }

  /** One after the other: a refused call of thousands of items must not take every connection. */
  async #loadAlternatives(shortfalls: readonly ShortfallFacts[]): Promise<Alternative[][]> {
    const found: Alternative[][] = [];
    for (const shortfall of shortfalls) {
      found.push(await alternativesTo(this.#database, shortfall, this.#now, this.#visibility));
    }
    return found;
  }
}
