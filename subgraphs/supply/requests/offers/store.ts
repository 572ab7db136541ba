import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { listLoader, rowLoader } from '../../../../shared/database/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { instantCursor, type Page, pageByInstant } from '../../../../shared/lists/index.js';
import { publish } from '../../../../shared/outbox/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type {
  OfferSupplyInput,
  SupplyOfferFilter,
  WithdrawSupplyOfferInput,
} from '../../generated/graphql.js';
import type { HolderColumns, RequestVisibility } from '../access/rules.js';
import { requestVisibilityOf } from '../access/index.js';
import { type RequestTopic, tagsOf } from '../ledger/index.js';
import { offerEvent, type OfferTopic } from './events.js';
import type { OfferRow } from './rows.js';
import { refusalIfTooMany, unknownOffer } from './rules.js';
import * as statements from './statements.js';

/** An offer by its id; its fields are read when a query selects them. */
export interface OfferRef {
  id: string;
}
export type OfferPage = Page<OfferRef>;

/** The most offers of an item among which those that fit a line best are looked for. */
const MOST_OF_ITEM = 1_000;
/** The most requests whose requesters learn of a new offer. */
const MOST_NOTIFIED = 50;

/** The offers that the caller may see, and every change of one. */
export class OfferStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #visibility: RequestVisibility;
  readonly #now: Date;
  readonly #byId: DataLoader<string, OfferRow | undefined>;
  readonly #standing: DataLoader<string, OfferRow[]>;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#visibility = requestVisibilityOf(caller);
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
    this.#standing = listLoader(
      async (items) =>
        (
          await pool.query<OfferRow>({
            ...statements.OFFERS_OF_ITEMS,
            values: [items, now, MOST_OF_ITEM],
          })
        ).rows,
      ({ itemId }) => itemId,
    );
  }

  /** Returns the offer; undefined if there is none or the caller may not see it. */
  find(id: string): Promise<OfferRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns an offer that the caller may see. */
  async get({ id }: OfferRef): Promise<OfferRow> {
    const offer = await this.#byId.load(id);
    if (!offer) throw new Error(`Supply offer ${id} is hidden from the caller.`);
    return offer;
  }

  async page(
    { area, open, item }: Omit<SupplyOfferFilter, 'item'> & { item: string | null },
    length: number,
    after: string | null | undefined,
  ): Promise<OfferPage> {
    const start = instantCursor.read(after);
    const matches = [...this.#sees(), area ?? '', item, open ?? null, this.#now];
    const { rows } = await this.#db.query<{ id: string; at: Date }>({
      ...statements.OFFERS_PAGE,
      values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
    });
    return pageByInstant(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>({
        ...statements.OFFERS_COUNTED,
        values: matches,
      });
      return counted.rows[0]!.count;
    });
  }

  /** Returns the ids of requests that may match an offer, as far as its holder sees them. */
  async requestsFor({ itemId, availableFrom }: OfferRow): Promise<string[]> {
    const { suppliers, supplierAreas } = this.#visibility;
    const from = laterOf(availableFrom, this.#now);
    const { rows } = await this.#db.query<{ id: string }>({
      ...statements.REQUESTS_FOR_ITEM,
      values: [itemId, from, suppliers.filter(isUuid), supplierAreas],
    });
    return rows.map(({ id }) => id);
  }

  /** Returns the offers of an item of which something is left, the first to be available first; the caller of this method decides who sees them. */
  standingOf(item: string): Promise<OfferRow[]> {
    return this.#standing.load(item);
  }

  /** Loads many offers in one statement for later single reads. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** Makes an offer of a holder and an item that are known to exist; the caller of this method has checked the right. */
  async offer(input: OfferSupplyInput, holder: HolderColumns & { area: string }, itemId: string) {
    const outcome = await runOnce(this.#db, this.#call('offerSupply', input), async (db) => {
      const { quantity, until, usableUntil } = input;
      const refusal = await this.#refusalOfMany(db, holder, itemId);
      if (refusal) return refusal;
      const availableFrom = laterOf(input.availableFrom ?? this.#now, this.#now);
      const { rows } = await db.query<{ id: string }>({
        ...statements.STORE_OFFER,
        values: [
          holder.organisationId,
          holder.facilityId,
          holder.area,
          itemId,
          quantity,
          availableFrom,
          until,
          usableUntil ?? null,
          this.#now,
          actorOf(this.#caller),
        ],
      });
      const { id } = rows[0]!;
      await this.#publish(db, 'supply.offer-made', id, holder);
      await this.#notifyRequesters(db, itemId, availableFrom, holder);
      return { __typename: 'SupplyOffer' as const, id };
    });
    this.#byId.clearAll();
    return outcome;
  }

  /** Withdraws an offer that the caller may withdraw; nothing changes if it was withdrawn. */
  async withdraw(input: WithdrawSupplyOfferInput) {
    const call = this.#call('withdrawSupplyOffer', input);
    const outcome = await runOnce(this.#db, call, async (db) => {
      const offer = await lockOffer(db, input.offer);
      if (!offer) return unknownOffer(input.offer);
      if (offer.withdrawnAt === null) {
        await db.query({ ...statements.WITHDRAW_OFFER, values: [offer.id, this.#now] });
        await this.#publish(db, 'supply.offer-withdrawn', offer.id, offer);
      }
      return { __typename: 'SupplyOffer' as const, id: offer.id };
    });
    this.#byId.clearAll();
    return outcome;
  }

  /** Gives back to offers what commitments had drawn from them. */
  giveBack(db: PoolClient, parts: readonly { offerId: string; quantity: number }[]): Promise<void> {
    this.#byId.clearAll();
    return changeOffers(
      db,
      parts.map(({ offerId, quantity }) => ({ offerId, quantity: -quantity })),
      this.#now,
    );
  }

  /** Refuses one more offer of an item than a holder may have; calls at the same time wait for each other. */
  async #refusalOfMany(db: PoolClient, holder: HolderColumns, item: string) {
    const id = (holder.organisationId ?? holder.facilityId)!;
    await db.query({ ...statements.LOCK_OFFERS_OF, values: [id, item] });
    const { rows } = await db.query<{ count: number }>({
      ...statements.STANDING_OFFERS,
      values: [id, this.#now, item],
    });
    return refusalIfTooMany(rows[0]!.count);
  }

  #publish(
    db: PoolClient,
    topic: OfferTopic,
    id: string,
    holder: HolderColumns & { area: string },
  ): Promise<void> {
    return publish(db, [{ ...offerEvent({ ...holder, id }), topic, at: this.#now }]);
  }

  /** Lets those who request the item elsewhere know that there is an offer for it. */
  async #notifyRequesters(
    db: PoolClient,
    item: string,
    availableFrom: Date,
    { facilityId }: HolderColumns,
  ): Promise<void> {
    const { rows } = await db.query<{ id: string; area: string; facilityId: string }>({
      ...statements.REQUESTS_TO_NOTIFY,
      values: [item, availableFrom, facilityId, MOST_NOTIFIED],
    });
    await publish(
      db,
      rows.map(({ id, area, facilityId: requester }) => ({
        topic: 'supply.request-offered' satisfies RequestTopic,
        entity: id,
        area,
        tags: tagsOf(requester, [], []),
        at: this.#now,
      })),
    );
  }

  #sees() {
    const { areas, suppliers } = this.#visibility;
    return [areas, suppliers.filter(isUuid)];
  }

  async #load(ids: readonly string[]): Promise<OfferRow[]> {
    const { rows } = await this.#db.query<OfferRow>({
      ...statements.OFFERS_BY_ID,
      values: [...this.#sees(), ids.filter(isUuid)],
    });
    return rows;
  }

  #call<Input>(field: string, input: Input) {
    return { caller: this.#caller, field, input, now: this.#now };
  }
}

/** Locks an offer until the transaction ends; undefined if there is none. Requests are locked before offers. */
export async function lockOffer(db: PoolClient, id: string): Promise<OfferRow | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await db.query<OfferRow>({ ...statements.OFFER_LOCKED, values: [id] });
  return rows[0];
}

/** Adds to what commitments drew from offers. */
export async function changeOffers(
  db: PoolClient,
  parts: readonly { offerId: string; quantity: number }[],
  at: Date,
): Promise<void> {
  if (parts.length === 0) return;
  const { rows } = await db.query<HolderColumns & { id: string; area: string }>({
    ...statements.CHANGE_OFFERS,
    values: [parts.map(({ offerId }) => offerId), parts.map(({ quantity }) => quantity)],
  });
  await publish(
    db,
    rows.map((offer) => ({
      ...offerEvent(offer),
      topic: 'supply.offer-drawn' satisfies OfferTopic,
      at,
    })),
  );
}

function laterOf(one: Date, other: Date): Date {
  return one > other ? one : other;
}
