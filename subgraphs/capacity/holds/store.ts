import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import {
  type Call,
  type IdempotencyKeyReused,
  runOnce,
} from '../../../shared/idempotency/index.js';
import { actorOf } from '../../../shared/identity/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { isRefused, isUuid, type WithTypename } from '../../../shared/validation/rules.js';
import { listLoader } from '../../../shared/database/index.js';
import { countedAs } from '../beds/index.js';
import type { HoldTopic } from './events.js';
import type { Database } from '../database/database.js';
import { lockFacilities, type LocatedFacility } from '../facilities/index.js';
import type {
  BedCategory,
  HoldBedsInput,
  HoldExhausted,
  ReleaseHoldInput,
  TooFewToHold,
} from '../generated/graphql.js';
import type { Hold, HoldRelease, Prisma } from '../generated/prisma/client.js';
import { freezePhases } from '../phases/index.js';
import { judgeHolding, judgeRelease } from './rules.js';

/** For how long a hold of which nothing is left is still shown. */
const SHOWN_DAYS = 7;

export type HoldRow = Hold & { releases: HoldRelease[] };
/** A hold as a member of a union. */
type Outcome = HoldRow & { __typename: 'Hold' };

const RELEASES: { releases: { orderBy: Prisma.HoldReleaseOrderByWithRelationInput[] } } = {
  releases: { orderBy: [{ releasedAt: 'asc' }, { seq: 'asc' }] },
};

export class HoldStore {
  readonly #pool: Pool;
  readonly #prisma: Database['prisma'];
  readonly #now: Date;
  readonly #ofFacility: DataLoader<string, HoldRow[]>;

  constructor({ pool, prisma }: Database, now: Date) {
    this.#pool = pool;
    this.#prisma = prisma;
    this.#now = now;
    this.#ofFacility = listLoader(
      (facilities) => this.#load(facilities),
      ({ facilityId }) => facilityId,
    );
  }

  /** Returns the holds of a facility, oldest first. */
  of(facility: string): Promise<HoldRow[]> {
    return this.#ofFacility.load(facility);
  }

  async find(id: string): Promise<(Hold & { facility: LocatedFacility }) | null> {
    if (!isUuid(id)) return null;
    return this.#prisma.hold.findUnique({ where: { id }, include: { facility: true } });
  }

  /** Holds beds of a facility that is known to exist. */
  async holdBeds(
    call: Call & { input: HoldBedsInput },
  ): Promise<Outcome | WithTypename<TooFewToHold> | IdempotencyKeyReused> {
    return this.#outcome(await runOnce(this.#pool, call, (db) => this.#hold(db, call)));
  }

  /** Releases beds of a hold that is known to exist. */
  async release(
    call: Call & { input: ReleaseHoldInput },
    hold: Hold,
  ): Promise<Outcome | WithTypename<HoldExhausted> | IdempotencyKeyReused> {
    return this.#outcome(await runOnce(this.#pool, call, (db) => this.#release(db, call, hold)));
  }

  async #hold(db: PoolClient, { caller, input }: Call & { input: HoldBedsInput }) {
    const { facility: id, category, count, countsFrom, reason } = input;
    await freezePhases(db);
    const facility = (await lockFacilities(db, [id])).get(id)!;
    const refusal = judgeHolding(input, await this.#holdable(db, facility, category));
    if (refusal) return refusal;
    const { rows } = await db.query<{ id: string }>(
      `INSERT INTO hold (facility_id, category, count, remaining, counts_from, reason, placed_at, placed_by)
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7) RETURNING id`,
      [id, category, count, countsFrom, reason, this.#now, actorOf(caller)],
    );
    await this.#publish(db, 'capacity.beds-held', facility, category);
    return { __typename: 'Hold' as const, id: rows[0]!.id };
  }

  async #release(
    db: PoolClient,
    { caller, input: { count, reason } }: Call & { input: ReleaseHoldInput },
    { id, facilityId, category }: Hold,
  ) {
    // Two who release the last bed wait here for one another; the second then reads what the first has left.
    const facility = (await lockFacilities(db, [facilityId])).get(facilityId)!;
    const { rows } = await db.query<{ remaining: number }>(
      'SELECT remaining FROM hold WHERE id = $1',
      [id],
    );
    const refusal = judgeRelease(count, rows[0]!);
    if (refusal) return refusal;
    await db.query(
      `WITH released AS (
         INSERT INTO hold_release (hold_id, count, reason, released_at, released_by) VALUES ($1, $2, $3, $4, $5)
       ) UPDATE hold SET remaining = remaining - $2 WHERE id = $1`,
      [id, count, reason, this.#now, actorOf(caller)],
    );
    await this.#publish(db, 'capacity.hold-released', facility, category);
    return { __typename: 'Hold' as const, id };
  }

  /** Returns the free beds of a category in the phase in force, and how many of them older holds have claimed. */
  async #holdable(
    db: PoolClient,
    { id, area }: LocatedFacility,
    category: BedCategory,
  ): Promise<{ free: number | null; counting: number }> {
    const { rows } = await db.query<{ free: number | null; counting: number }>(
      `SELECT
         (SELECT free FROM beds_of(ARRAY[$1::uuid], $4) b WHERE b.category = $3) AS free,
         (SELECT COALESCE(sum(remaining), 0)::int FROM hold
          LEFT JOIN shares_of(ARRAY[$1::uuid], $4) s USING (facility_id)
          WHERE facility_id = $1 AND counted_as(category, s.replaced, s.stand_in, s.without_children) = $3
            AND remaining > 0 AND counts_from <= phase_at($2)) AS counting`,
      [id, area, category, this.#now],
    );
    return rows[0]!;
  }

  async #publish(
    db: PoolClient,
    topic: HoldTopic,
    { id, area }: LocatedFacility,
    category: BedCategory,
  ): Promise<void> {
    const beds = { facility: id, category };
    const counted = (await countedAs(db, [beds], this.#now))(beds);
    const tags = (counted ? [category, counted] : [category]).map((each) =>
      tagOf('category', each),
    );
    await publish(db, [{ topic, entity: id, area, tags, at: this.#now }]);
  }

  async #outcome<Refused extends { __typename: string; message: string }>(
    outcome: { __typename: 'Hold'; id: string } | Refused,
  ): Promise<Outcome | Refused> {
    this.#ofFacility.clearAll();
    if (isRefused(outcome)) return outcome;
    const hold = await this.#prisma.hold.findUniqueOrThrow({
      where: { id: (outcome as { id: string }).id },
      include: RELEASES,
    });
    return { __typename: 'Hold', ...hold };
  }

  #load(facilities: readonly string[]): Promise<HoldRow[]> {
    const shownSince = new Date(this.#now.getTime() - SHOWN_DAYS * DAY_MS);
    return this.#prisma.hold.findMany({
      where: {
        facilityId: { in: [...facilities] },
        OR: [{ remaining: { gt: 0 } }, { releases: { some: { releasedAt: { gt: shownSince } } } }],
      },
      include: RELEASES,
      orderBy: [{ placedAt: 'asc' }, { seq: 'asc' }],
    });
  }
}
