import type { Pool, PoolClient } from 'pg';
import { isRefused, type WithTypename } from '../../../shared/validation/rules.js';
import { doneBefore, runOnce, type StoredForm } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller, forbidden } from '../../../shared/identity/index.js';
import type { Database } from '../database/database.js';
import type { FacilityStore } from '../facilities/index.js';
import { unknownFacility } from '../facilities/rules.js';
import type {
  BookStockInput,
  BookStocksInput,
  StockBookingInput,
  UnknownFacility,
  UnknownOrganisation,
} from '../generated/graphql.js';
import type { ItemStore } from '../items/index.js';
import { unknownItem, wrongUnit } from '../items/rules.js';
import type { OrganisationStore } from '../organisations/index.js';
import { unknownOrganisation } from '../organisations/rules.js';
import { mayBookFor } from './visibility.js';
import {
  type BookedMovements,
  bookTogether,
  type MovementFollower,
  type MovementOutcome,
} from './store-movements.js';
import {
  type Holder,
  holdersIn,
  idOf,
  type InputRefusal,
  judgeBooking,
  type Movement,
  type NamedHolders,
} from './rules.js';

/** Why a booking is refused. */
type BookingRefusal =
  | InputRefusal
  | WithTypename<UnknownFacility | UnknownOrganisation>
  | ReturnType<typeof unknownItem>
  | NonNullable<ReturnType<typeof wrongUnit>>;

/** The movements of a booking, or why there are none; FORBIDDEN is an error of the caller's. */
type Verdict = Movement[] | BookingRefusal | 'FORBIDDEN';
/** The outcome of one booking as it is stored for a repetition of the call. */
type StoredOutcome = MovementOutcome | BookingRefusal | 'FORBIDDEN';
/** The outcome as the schema has it. */
type BookingOutcome = Exclude<StoredOutcome, 'FORBIDDEN'> | Error;

interface BulkResult {
  __typename: 'BookedStocks';
  outcomes: StoredOutcome[];
}

/** The outcomes of a bulk, with nothing but the ids of the bookings: a thousand whole outcomes fill pages. */
const STORED: StoredForm<BulkResult> = {
  reduce: (result) => ({
    outcomes: result.outcomes.map((outcome) =>
      typeof outcome === 'object' && outcome.__typename === 'StockBooking' ? outcome.id : outcome,
    ),
  }),
  restore: (stored) => ({
    __typename: 'BookedStocks',
    outcomes: (stored as { outcomes: (Exclude<StoredOutcome, string> | string)[] }).outcomes.map(
      (outcome) =>
        typeof outcome === 'string' && outcome !== 'FORBIDDEN'
          ? { __typename: 'StockBooking', id: outcome }
          : outcome,
    ),
  }),
};

/** The parts of other modules that a booking needs. */
interface Directories {
  facilities: FacilityStore;
  organisations: OrganisationStore;
  items: ItemStore;
  follower: MovementFollower;
}

/** Books what clients send. */
export class StockBookings {
  readonly #db: Pool;
  readonly #directories: Directories;
  readonly #now: Date;

  constructor({ pool }: Database, directories: Directories, now: Date) {
    this.#db = pool;
    this.#directories = directories;
    this.#now = now;
  }

  async book(input: BookStockInput, caller: Caller) {
    const call = { caller, field: 'bookStock', input, now: this.#now };
    const [verdict] = await this.#judge([input.booking], caller);
    if (verdict === 'FORBIDDEN') throw forbidden(caller, 'stocks:book');
    // A repeated call gets its first result, though by now its dates may be refused.
    if (isRefused(verdict!)) return (await doneBefore<MovementOutcome>(this.#db, call)) ?? verdict;
    let booked: BookedMovements | undefined;
    const outcome = await runOnce(this.#db, call, async (db): Promise<MovementOutcome> => {
      booked = await bookTogether(db, [verdict!], this.#booking(caller));
      return booked.outcomes[0]!;
    });
    if (!isRefused(outcome)) booked?.committed();
    return outcome;
  }

  /** Books each that can be booked, all in one transaction, and says what became of each, in order. */
  async bookAll(input: BookStocksInput, caller: Caller) {
    const call = { caller, field: 'bookStocks', input, now: this.#now };
    const verdicts = await this.#judge(input.bookings, caller);
    let booked: BookedMovements | undefined;
    const act = async (db: PoolClient): Promise<BulkResult> => {
      const accepted = verdicts.filter(isAccepted);
      booked = await bookTogether(db, accepted, this.#booking(caller));
      const next = booked.outcomes.values();
      const outcomes = verdicts.map((verdict): StoredOutcome => {
        return isAccepted(verdict) ? next.next().value! : verdict;
      });
      return { __typename: 'BookedStocks', outcomes };
    };
    const result = await runOnce(this.#db, call, act, STORED);
    if (isRefused(result)) return result;
    booked?.committed();
    const outcomes = result.outcomes.map((outcome): BookingOutcome => {
      return outcome === 'FORBIDDEN' ? forbidden(caller, 'stocks:book') : outcome;
    });
    // An Error in a list becomes null there and an error with its position.
    return { ...result, outcomes: outcomes as Exclude<BookingOutcome, Error>[] };
  }

  /** Returns the movements of each booking, or why it is refused. All holders and items are read together. */
  async #judge(bookings: readonly StockBookingInput[], caller: Caller): Promise<Verdict[]> {
    const named = bookings.map((input) => ({ input, holders: holdersIn(input) }));
    const known = await this.#read(named);
    return named.map(({ input, holders }) => {
      if (isRefused(holders)) return holders;
      const { from, to } = holders;
      for (const holder of to ? [from, to] : [from]) {
        const area = known.areaOf(holder);
        if (area === undefined) return unknownHolder(holder);
        if (!mayBookFor(caller, { holder, area })) return 'FORBIDDEN';
      }
      const item = known.items.get(input.item);
      if (!item) return unknownItem(input.item);
      return wrongUnit(item, input.unit) ?? judgeBooking(input, holders, item.id, this.#now);
    });
  }

  /** Returns the areas of all holders, and all items by their references. */
  async #read(
    named: readonly { input: StockBookingInput; holders: NamedHolders | InputRefusal }[],
  ) {
    const [facilities, organisations] = [new Set<string>(), new Set<string>()];
    const items = new Set<string>();
    for (const { input, holders } of named) {
      if (isRefused(holders)) continue;
      items.add(input.item);
      for (const holder of [holders.from, holders.to]) {
        if (!holder) continue;
        if ('facility' in holder) facilities.add(holder.facility);
        else organisations.add(holder.organisation);
      }
    }
    const directories = this.#directories;
    const [ofFacilities, ofOrganisations, itemsByReference] = await Promise.all([
      directories.facilities.areasOf([...facilities]),
      directories.organisations.areasOf([...organisations]),
      directories.items.findAll([...items]),
    ]);
    const areaOf = (holder: Holder) =>
      'facility' in holder
        ? ofFacilities.get(holder.facility)
        : ofOrganisations.get(holder.organisation);
    return { areaOf, items: itemsByReference };
  }

  #booking(caller: Caller) {
    return { by: actorOf(caller), now: this.#now, follower: this.#directories.follower };
  }
}

function isAccepted(verdict: Verdict): verdict is Movement[] {
  return Array.isArray(verdict);
}

function unknownHolder(holder: Holder): WithTypename<UnknownFacility | UnknownOrganisation> {
  if ('organisation' in holder) return unknownOrganisation(holder.organisation);
  return unknownFacility(idOf(holder));
}
