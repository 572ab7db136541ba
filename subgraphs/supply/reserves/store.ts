import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { isRefused, once } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { nameCursor, type Page, pageByName } from '../../../shared/lists/index.js';
import { publish } from '../../../shared/outbox/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type {
  RegisterReserveInput,
  ReleaseReserveInput,
  ReplenishReserveInput,
  ReserveFilter,
} from '../generated/graphql.js';
import type { ReserveRelease } from '../generated/prisma/client.js';
import type { StockVisibility } from '../stocks/index.js';
import { reserveEvent, type ReserveFact } from './events.js';
import {
  packetCover,
  registeredAlready,
  release,
  replenish,
  type ReserveRow,
  unknownReserve,
} from './rules.js';
import * as statements from './statements.js';

/** A reserve by its id; its fields are read when a query selects them. */
export interface ReserveRef {
  id: string;
}

export type ReservePage = Page<ReserveRef>;
export type ReleaseRow = Omit<ReserveRelease, 'releasedBy' | 'seq'>;

/** The most releases that are shown of one reserve. */
const MOST_RELEASES = 20;

export class ReserveStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, ReserveRow | undefined>;
  readonly #releases: DataLoader<string, ReleaseRow[]>;
  readonly #release: DataLoader<string, ReleaseRow | undefined>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      async (ids) => (await pool.query<ReserveRow>(statements.RESERVES_BY_ID, [ids])).rows,
      ({ id }) => id,
    );
    this.#releases = listLoader(
      async (ids) =>
        (await pool.query<ReleaseRow>(statements.RELEASES_OF, [ids, MOST_RELEASES])).rows,
      ({ reserveId }) => reserveId,
    );
    this.#release = rowLoader(
      async (ids) => (await pool.query<ReleaseRow>(statements.RELEASES_BY_ID, [ids])).rows,
      ({ id }) => id,
    );
  }

  /** Returns the reserve; undefined if there is none. The caller of this method decides who sees it. */
  find(id: string): Promise<ReserveRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns the row of an existing reserve. */
  async get({ id }: ReserveRef): Promise<ReserveRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Reserve ${id} has vanished.`);
    return row;
  }

  /** Returns a release that is known to exist. */
  async getRelease(id: string): Promise<ReleaseRow> {
    const row = await this.#release.load(id);
    if (!row) throw new Error(`Release ${id} has vanished.`);
    return row;
  }

  releasesOf(id: string): Promise<ReleaseRow[]> {
    return this.#releases.load(id);
  }

  async page(
    { area, kinds, readiness }: ReserveFilter,
    { holders, organisationAreas }: StockVisibility,
    length: number,
    after: string | null | undefined,
  ): Promise<ReservePage> {
    const start = nameCursor.read(after);
    const filter = [holders, organisationAreas, area ?? '', kinds ?? null, readiness ?? null];
    const { rows } = await this.#db.query<{ name: string; id: string }>({
      name: 'reserves-page',
      text: statements.RESERVES_PAGE,
      values: [...filter, start?.name ?? null, start?.id ?? null, length + 1],
    });
    return pageByName(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(statements.RESERVES_COUNTED, filter);
      return counted.rows[0]!.count;
    });
  }

  /** Registers a reserve; the caller of this method has checked the right. */
  async register(input: RegisterReserveInput, area: string, caller: Caller) {
    const call = { caller, field: 'registerReserve', input, now: this.#now };
    const { severePatients, lightPatients, days } = packetCover(input);
    const name = input.name.trim();
    return once(this.#db, call, async (db) => {
      const { rows } = await db.query<{ id: string }>({
        name: 'store-reserve',
        text: statements.STORE_RESERVE,
        values: [
          ...[input.organisation, input.kind, name, input.releaseArea, input.releaseRule],
          ...[input.readinessHours, input.packets, severePatients, lightPatients, days],
          ...[this.#now, actorOf(caller)],
        ],
      });
      if (!rows[0]) {
        const known = await db.query<ReserveRow>(statements.RESERVE_NAMED, [
          input.organisation,
          name,
        ]);
        return registeredAlready(known.rows[0]!);
      }
      const { id } = rows[0];
      await this.#publish(db, 'registered', {
        id,
        area,
        organisationId: input.organisation,
      });
      return { __typename: 'Reserve' as const, id };
    });
  }

  /** Releases packets under the lock of the reserve. `authorize` throws, or returns false for a reserve that is hidden from the caller. */
  async release(
    input: ReleaseReserveInput,
    caller: Caller,
    authorize: (reserve: ReserveRow) => boolean,
  ) {
    const call = { caller, field: 'releaseReserve', input, now: this.#now };
    const outcome = await once(this.#db, call, async (db) => {
      const reserve = await this.#lock(db, input.reserve);
      if (!reserve || !authorize(reserve)) return unknownReserve(input.reserve);
      const verdict = release(reserve, input.packets);
      if (isRefused(verdict)) return verdict;
      await db.query(statements.SET_PACKETS, [reserve.id, verdict.packets]);
      const { rows } = await db.query<{ id: string }>({
        name: 'store-reserve-release',
        text: statements.STORE_RELEASE,
        values: [
          ...[reserve.id, input.packets, input.forArea, input.reason, this.#now, actorOf(caller)],
        ],
      });
      await this.#publish(db, 'released', reserve);
      return { __typename: 'ReserveRelease' as const, id: rows[0]!.id };
    });
    this.#forget();
    return outcome;
  }

  /** Puts packets in under the lock of the reserve; `authorize` as for `release`. */
  async replenish(
    input: ReplenishReserveInput,
    caller: Caller,
    authorize: (reserve: ReserveRow) => boolean,
  ) {
    const call = { caller, field: 'replenishReserve', input, now: this.#now };
    const outcome = await once(this.#db, call, async (db) => {
      const reserve = await this.#lock(db, input.reserve);
      if (!reserve || !authorize(reserve)) return unknownReserve(input.reserve);
      const verdict = replenish(reserve, input.packets);
      if (isRefused(verdict)) return verdict;
      await db.query(statements.SET_PACKETS, [reserve.id, verdict.packets]);
      await this.#publish(db, 'replenished', reserve);
      return { __typename: 'Reserve' as const, id: reserve.id };
    });
    this.#forget();
    return outcome;
  }

  #forget(): void {
    this.#byId.clearAll();
    this.#releases.clearAll();
  }

  async #lock(db: PoolClient, id: string): Promise<ReserveRow | undefined> {
    if (!isUuid(id)) return undefined;
    const { rows } = await db.query<ReserveRow>({
      name: 'reserve-locked',
      text: statements.RESERVE_LOCKED,
      values: [id],
    });
    return rows[0];
  }

  #publish(
    db: PoolClient,
    fact: ReserveFact,
    reserve: Pick<ReserveRow, 'id' | 'area' | 'organisationId'>,
  ): Promise<void> {
    return publish(db, [{ ...reserveEvent(fact, reserve), at: this.#now }]);
  }
}
