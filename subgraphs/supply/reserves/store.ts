import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { nameCursor, type Page, pageByName } from '../../../shared/lists/index.js';
import { publish } from '../../../shared/outbox/index.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type {
  RegisterReserveInput,
  ReleaseReserveInput,
  ReplenishReserveInput,
  ReserveFilter,
} from '../generated/graphql.js';
import type { ReserveRelease } from '../generated/prisma/client.js';
import { sendDirectly } from '../requests/index.js';
import { bookMovements, type MovementFollower, type StockVisibility } from '../stocks/index.js';
import { reserveEvent, type ReserveTopic } from './events.js';
import { PACKET, PACKET_ITEMS } from './packets.js';
import {
  judgeRelease,
  judgeReplenishment,
  lineOfOtherItem,
  notEnoughPackets,
  packetCover,
  reserveExists,
  type ReserveRow,
  unknownReserve,
} from './rules.js';
import * as statements from './statements.js';

/** A reserve by its id; its fields are read when a query selects them. */
export interface ReserveRef {
  id: string;
}

export type ReservePage = Page<ReserveRef>;
export type ReleaseRow = Omit<ReserveRelease, 'seq'>;

/** The most releases that are shown of one reserve. */
const MOST_RELEASES = 20;

export class ReserveStore {
  readonly #db: Pool;
  readonly #follower: MovementFollower;
  readonly #now: Date;
  readonly #byId: DataLoader<string, ReserveRow | undefined>;
  readonly #releases: DataLoader<string, ReleaseRow[]>;
  readonly #release: DataLoader<string, ReleaseRow | undefined>;

  constructor({ pool }: Database, follower: MovementFollower, now: Date) {
    this.#db = pool;
    this.#follower = follower;
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
    return runOnce(this.#db, call, async (db) => {
      const { rows } = await db.query<{ id: string }>({
        name: 'store-reserve',
        text: statements.STORE_RESERVE,
        values: [
          input.organisation,
          input.kind,
          name,
          input.releaseArea,
          input.releaseRule,
          input.readinessHours,
          input.packets,
          severePatients,
          lightPatients,
          days,
          PACKET_ITEMS[input.kind],
          this.#now,
          actorOf(caller),
        ],
      });
      if (!rows[0]) {
        const known = await db.query<ReserveRow>(statements.RESERVE_NAMED, [
          input.organisation,
          name,
        ]);
        return reserveExists(known.rows[0]!);
      }
      const { id } = rows[0];
      const reserve = { id, area, organisationId: input.organisation };
      await this.#publish(db, 'supply.reserve-registered', reserve);
      const packets = { itemId: PACKET_ITEMS[input.kind], packets: input.packets };
      await this.#receive(
        db,
        { ...reserve, ...packets },
        `Reserve ${name} was registered.`,
        caller,
      );
      return { __typename: 'Reserve' as const, id };
    });
  }

  /** Releases packets under the lock of the reserve, to a line of a request or to be picked up. `authorize` throws, or returns false for a reserve that is hidden from the caller. */
  async release(
    input: ReleaseReserveInput,
    line: { id: string; requestId: string; itemId: string } | undefined,
    caller: Caller,
    authorize: (reserve: ReserveRow) => boolean,
  ) {
    const call = { caller, field: 'releaseReserve', input, now: this.#now };
    const outcome = await runOnce(this.#db, call, async (db) => {
      const reserve = await this.#lock(db, input.reserve);
      if (!reserve || !authorize(reserve)) return unknownReserve(input.reserve);
      const refusal = judgeRelease(reserve, input.packets);
      if (refusal) return refusal;
      const sent = await this.#send(db, reserve, input, { line, by: actorOf(caller) });
      if (isRefused(sent)) {
        // The organisation booked packets out itself since they were read.
        return sent.__typename === 'NotEnoughStock'
          ? notEnoughPackets({ ...reserve, packets: Math.floor(sent.available) }, input.packets)
          : sent;
      }
      const { rows } = await db.query<{ id: string }>({
        name: 'store-reserve-release',
        text: statements.STORE_RELEASE,
        values: [
          reserve.id,
          input.packets,
          input.forArea,
          input.reason,
          sent.__typename === 'SupplyShipment' ? sent.id : null,
          this.#now,
          actorOf(caller),
        ],
      });
      await this.#publish(db, 'supply.reserve-released', reserve);
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
    const outcome = await runOnce(this.#db, call, async (db) => {
      const reserve = await this.#lock(db, input.reserve);
      if (!reserve || !authorize(reserve)) return unknownReserve(input.reserve);
      const refusal = judgeReplenishment(reserve, input.packets);
      if (refusal) return refusal;
      const { packets } = input;
      const reason = `Reserve ${reserve.name} was replenished.`;
      await this.#receive(db, { ...reserve, packets }, reason, caller);
      await this.#publish(db, 'supply.reserve-replenished', reserve);
      return { __typename: 'Reserve' as const, id: reserve.id };
    });
    this.#forget();
    return outcome;
  }

  /** Issues packets from the stock of the organisation: with a shipment to a line, or to be picked up. */
  async #send(
    db: PoolClient,
    { id, organisationId, itemId, readinessHours }: ReserveRow,
    { packets, reason }: ReleaseReserveInput,
    {
      line,
      by,
    }: { line: { id: string; requestId: string; itemId: string } | undefined; by: string },
  ) {
    const booking = { by, now: this.#now, follower: this.#follower };
    if (!line) {
      const issue = { kind: 'ISSUE' as const, quantity: packets, batch: id, shipment: null };
      const movement = { ...issue, reason, holder: { organisation: organisationId }, item: itemId };
      return (await bookMovements(db, [movement], booking)).outcomes[0]!;
    }
    if (line.itemId !== itemId) return lineOfOtherItem(itemId);
    const item = { id: itemId, ...PACKET };
    const expectedAt = new Date(this.#now.getTime() + readinessHours * HOUR_MS);
    return sendDirectly(
      db,
      {
        requestId: line.requestId,
        lineId: line.id,
        organisation: organisationId,
        item,
        batch: id,
        quantity: packets,
        expectedAt,
        reason,
      },
      booking,
    );
  }

  /** Books packets into the stock of the organisation, under the id of the reserve as their batch. */
  async #receive(
    db: PoolClient,
    {
      id,
      organisationId,
      itemId,
      packets,
    }: Pick<ReserveRow, 'id' | 'organisationId' | 'itemId' | 'packets'>,
    reason: string,
    caller: Caller,
  ): Promise<void> {
    const receipt = { kind: 'RECEIPT' as const, quantity: packets, batch: id, shipment: null };
    const movement = { ...receipt, reason, holder: { organisation: organisationId }, item: itemId };
    const booking = { by: actorOf(caller), now: this.#now, follower: this.#follower };
    const outcome = (await bookMovements(db, [movement], booking)).outcomes[0]!;
    if (isRefused(outcome)) throw new Error(`Packets were not received: ${outcome.message}`);
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
    topic: ReserveTopic,
    reserve: Pick<ReserveRow, 'id' | 'area' | 'organisationId'>,
  ): Promise<void> {
    return publish(db, [{ ...reserveEvent(topic, reserve), at: this.#now }]);
  }
}
