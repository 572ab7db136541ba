import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { cursorCodec, instantCursor, pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { idOrNone, isUuid } from '../../../shared/validation/rules.js';
import { seesStocksOf, type StockVisibility } from './visibility.js';
import type { Database } from '../database/database.js';
import { dutyValues, longestDuty } from './duties.js';
import { currentConsumption, CURRENT_DEMAND_DAYS } from './rules.js';
import { beginning, fewHolders } from '../organisations/index.js';
import * as statements from './statements.js';
import type { BatchRow, BookingRow, StockRow } from './rows.js';

/** A booking by its id; its fields are read when a query selects them. */
export interface BookingRef {
  id: string;
}

export type StockPage = PageSlice<StockRow>;
export type BookingPage = PageSlice<BookingRow>;

/** Conditions of a list of stocks, with the ids of what they name. */
interface StockConditions {
  area: string | null;
  holder: string | null;
  item: string | null;
  /** Also items with the substances, strengths and dose form of the item. */
  sameSubstance?: boolean;
  belowDays: number | null;
  /** Only those that last shorter than their duty requires. */
  belowDuty?: boolean;
}

interface StockPosition {
  daysOfCover: number;
  id: string;
}

/** A position by days of cover; those without a stated demand come last and have no number. */
const stockCursor = cursorCodec<StockPosition>({
  textOf: ({ daysOfCover, id }) => JSON.stringify([daysOfCover, id]),
  positionOf(text) {
    const [days, id] = JSON.parse(text) as unknown[];
    if (typeof id !== 'string' || !isUuid(id)) return undefined;
    if (days === null) return { daysOfCover: Infinity, id };
    return typeof days === 'number' ? { daysOfCover: days, id } : undefined;
  },
});

/** A stock of the same substance as another one. */
interface SameSubstanceRow extends StockRow {
  ofStock: string;
}

/** The most stocks of the same substance that are shown beside one. */
const MOST_OF_SUBSTANCE = 20;

const BEFORE_ALL: StockPosition = {
  daysOfCover: -Infinity,
  id: '00000000-0000-0000-0000-000000000000',
};

/** The stocks that a caller sees, and their history. */
export class StockStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #visibility: StockVisibility;
  readonly #byId: DataLoader<string, StockRow | undefined>;
  readonly #ofFacilities = new Map<string, DataLoader<string, StockRow[]>>();
  readonly #sameSubstance: DataLoader<string, SameSubstanceRow[]>;
  readonly #batches: DataLoader<string, BatchRow[]>;
  readonly #issued: DataLoader<string, { stock: string; issued: number } | undefined>;
  readonly #bookings: DataLoader<string, BookingRow | undefined>;
  readonly #corrections: DataLoader<string, BookingRow[]>;
  readonly #histories = new Map<string, DataLoader<string, BookingRow[]>>();

  constructor({ pool }: Database, visibility: StockVisibility, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#visibility = visibility;
    this.#byId = rowLoader(
      (ids) =>
        this.#rows<StockRow>(statements.STOCKS_BY_ID, [ids.filter(isUuid), ...dutyValues(now)]),
      ({ id }) => id,
    );
    this.#sameSubstance = listLoader(
      (ids) => this.#rows<SameSubstanceRow>(statements.SAME_SUBSTANCE, [ids, ...dutyValues(now)]),
      ({ ofStock }) => ofStock,
    );
    this.#batches = listLoader(
      (ids) => this.#rows<BatchRow>(statements.BATCHES_OF, [ids, now]),
      ({ stockId }) => stockId,
    );
    const since = new Date(now.getTime() - CURRENT_DEMAND_DAYS * DAY_MS);
    this.#issued = rowLoader(
      (ids) => this.#rows(statements.ISSUED_SINCE, [ids, since]),
      ({ stock }) => stock,
    );
    this.#bookings = rowLoader(
      (ids) => this.#rows<BookingRow>(statements.BOOKINGS_BY_ID, [ids.filter(isUuid)]),
      ({ id }) => id,
    );
    this.#corrections = listLoader(
      (ids) => this.#readBookings(statements.CORRECTIONS_OF, [ids]),
      ({ countId }) => countId!,
    );
  }

  /** Returns the stock with this id; undefined when there is none that the caller sees. */
  async find(id: string): Promise<StockRow | undefined> {
    const row = await this.#byId.load(id);
    return row && this.#sees(row) ? row : undefined;
  }

  /** Returns the row of a stock that exists, without judging who sees it. */
  async get(id: string): Promise<StockRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Stock ${id} has vanished.`);
    return row;
  }

  /** Loads many stocks in one statement for later single reads, each of which reports a failure of it again. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  async page(
    { area, holder, item, belowDays, belowDuty = false, sameSubstance = false }: StockConditions,
    length: number,
    after: string | null | undefined,
  ): Promise<StockPage> {
    const start = stockCursor.read(after);
    const { daysOfCover, id } = start ?? BEFORE_ALL;
    const { holders, facilityAreas, organisationAreas } = this.#visibility;
    // Without a name, so that it is planned for the conditions at hand.
    // The longest duty bounds what is read of the index, of which each row is judged by its own duty.
    const below = belowDuty ? longestDuty(this.#now) : belowDays;
    const seesAll = facilityAreas.includes('') && organisationAreas.includes('');
    const meant = { area: area || null, ids: holders, facilityAreas, organisationAreas };
    const isOfAll = seesAll && meant.area === null;
    const rows = await this.#rows<StockRow>(statements.STOCKS_PAGE, [
      daysOfCover,
      id,
      length + 1,
      area || null,
      holder === null ? null : idOrNone(holder),
      item,
      below,
      holders,
      facilityAreas.map(beginning),
      organisationAreas.map(beginning),
      ...dutyValues(this.#now),
      belowDuty,
      seesAll,
      isOfAll || holder !== null ? null : await fewHolders(this.#db, meant),
      sameSubstance,
    ]);
    return pageOf(rows, length, {
      cursorOf: (row) => stockCursor.write(row),
      nodeOf: (row: StockRow) => row,
      hasPreviousPage: start !== undefined,
    });
  }

  /** Returns the stocks of a facility; the resolver has judged that the caller sees them. */
  ofFacility(
    facility: string,
    item: string | null,
    belowDays: number | null,
    length: number,
  ): Promise<StockRow[]> {
    const conditions = JSON.stringify([item, belowDays, length]);
    let loader = this.#ofFacilities.get(conditions);
    if (!loader) {
      loader = listLoader(
        (ids) =>
          this.#rows<StockRow>(statements.STOCKS_OF_FACILITIES, [
            ids,
            item,
            belowDays,
            length,
            ...dutyValues(this.#now),
          ]),
        ({ holderId }) => holderId,
      );
      this.#ofFacilities.set(conditions, loader);
    }
    return loader.load(facility);
  }

  /** Returns the stocks that the same holder has of other items of the same substance, those that last longest first. */
  async sameSubstanceAs(stock: string): Promise<StockRow[]> {
    return (await this.#sameSubstance.load(stock)).slice(0, MOST_OF_SUBSTANCE);
  }

  batchesOf(stock: string): Promise<BatchRow[]> {
    return this.#batches.load(stock);
  }

  /** Returns the consumption of a day now; null when nothing was issued lately, and of a model, of which not every issue is booked. */
  async currentConsumption({ id, createdAt, modelled }: StockRow): Promise<number | null> {
    if (modelled) return null;
    const row = await this.#issued.load(id);
    return currentConsumption(row?.issued ?? 0, createdAt, this.#now);
  }

  /** Returns the row of an existing booking. */
  async booking(id: string): Promise<BookingRow> {
    const row = await this.#bookings.load(id);
    if (!row) throw new Error(`Booking ${id} has vanished.`);
    return row;
  }

  correctionsOf(count: string): Promise<BookingRow[]> {
    return this.#corrections.load(count);
  }

  /** Returns a page of the history of a stock, newest first. */
  async history(
    stock: string,
    length: number,
    after: string | null | undefined,
  ): Promise<BookingPage> {
    const start = instantCursor.read(after);
    const key = JSON.stringify([length, start?.id]);
    let loader = this.#histories.get(key);
    if (!loader) {
      loader = listLoader(
        (ids) => this.#readBookings(statements.BOOKINGS_OF, [ids, start?.id ?? null, length + 1]),
        ({ stockId }) => stockId,
      );
      this.#histories.set(key, loader);
    }
    return pageOf(await loader.load(stock), length, {
      cursorOf: ({ recordedAt, id }) => instantCursor.write({ at: recordedAt, id }),
      nodeOf: (row) => row,
      hasPreviousPage: start !== undefined,
    });
  }

  /** Drops the cached reads after bookings. */
  forget(): void {
    for (const loader of [this.#byId, this.#batches, this.#issued, this.#corrections]) {
      loader.clearAll();
    }
    this.#ofFacilities.clear();
    this.#histories.clear();
  }

  #sees({ holderKind, holderId, area }: StockRow): boolean {
    const holder = holderKind === 'FACILITY' ? { facility: holderId } : { organisation: holderId };
    return seesStocksOf(this.#visibility, { holder, area });
  }

  /** Reads bookings, each of which is known by its id from now on. */
  async #readBookings(text: string, values: unknown[]): Promise<BookingRow[]> {
    const rows = await this.#rows<BookingRow>(text, values);
    for (const row of rows) this.#bookings.prime(row.id, row);
    return rows;
  }

  async #rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#db.query<Row>(text, values);
    return rows;
  }
}
