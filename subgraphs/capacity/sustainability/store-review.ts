import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import type { WithTypename } from '../../../shared/validation/rules.js';
import { listLoader, rowLoader } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { cursorCodec, isInstant, pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import type { SustainabilityVisibility } from '../access/index.js';
import type { SustainabilityTopic } from './events.js';
import type { Database } from '../database/database.js';
import { unknownFacility } from '../facilities/rules.js';
import { lockFacilities, type LocatedFacility } from '../facilities/index.js';
import type {
  BedCategory,
  NothingToOverride,
  OverrideSustainabilityInput,
  SustainabilityCause,
  SustainabilityReviewReason,
  SustainabilityTimeOutOfRange,
  UnknownFacility,
} from '../generated/graphql.js';
import type { SustainabilityOverride } from '../generated/prisma/client.js';
import {
  LIMITED_CATEGORIES,
  OVERRIDES_BY_ID,
  OVERRIDES_OF,
  PUBLISH_BY_CLOCK,
  PUBLISH_NOT_RENEWED,
  REPLACE_OVERRIDE,
  STORE_OVERRIDE,
  TO_REVIEW,
  type OVERRIDE,
} from './statements-review.js';
import { nothingToOverride } from './rules.js';

/** An override with the Kreis of its facility. */
export type OverrideRow = Pick<SustainabilityOverride, keyof typeof OVERRIDE> & { area: string };

/** An override by its id, because what is kept of a call must survive JSON. */
interface OverrideRef {
  __typename: 'SustainabilityOverride';
  id: string;
}

export type OverrideOutcome =
  | OverrideRef
  | WithTypename<UnknownFacility>
  | WithTypename<NothingToOverride>
  | WithTypename<SustainabilityTimeOutOfRange>;

/** The limits of one cause in one facility, which need a person. */
export interface ReviewRow {
  id: string;
  facilityId: string;
  cause: SustainabilityCause;
  categories: BedCategory[];
  from: Date;
  until: Date;
  fellAt: Date | null;
  overrideId: string | null;
  reasons: SustainabilityReviewReason[];
  reservedBeds: number;
  reservedIntake: number;
}

export type ReviewPage = PageSlice<ReviewRow>;

/** The position in the list: by the hour of failure, then by the id. */
const reviewCursor = cursorCodec<{ from: Date; id: string }>({
  textOf: ({ from, id }) => JSON.stringify([from.getTime(), id]),
  positionOf(text) {
    const [from, id] = JSON.parse(text) as unknown[];
    if (!isInstant(from) || typeof id !== 'string') return undefined;
    return { from: new Date(from), id };
  },
});

/** Sets limits aside, and lists what of them needs a person. */
export class SustainabilityReviewStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, OverrideRow | undefined>;
  readonly #ofFacility: DataLoader<string, OverrideRow[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      async (ids) => (await pool.query<OverrideRow>(OVERRIDES_BY_ID, [ids])).rows,
      ({ id }) => id,
    );
    this.#ofFacility = listLoader(
      async (facilities) =>
        (
          await pool.query<OverrideRow>({
            name: 'overrides-of-sustainability',
            text: OVERRIDES_OF,
            values: [facilities, now],
          })
        ).rows,
      ({ facilityId }) => facilityId,
    );
  }

  /** An override that is known to exist. */
  async get(id: string): Promise<OverrideRow & { __typename: 'SustainabilityOverride' }> {
    const override = await this.#byId.load(id);
    if (!override) throw new Error(`Override ${id} has vanished.`);
    return { ...override, __typename: 'SustainabilityOverride' };
  }

  /** The overrides in force in a facility. */
  of(facility: string): Promise<OverrideRow[]> {
    return this.#ofFacility.load(facility);
  }

  /** Sets a cause aside, once per key. Under the lock of the facility, so that declarations and slots see it before or after. */
  override(
    input: OverrideSustainabilityInput,
    caller: Caller,
    decide: (facility: LocatedFacility) => WithTypename<SustainabilityTimeOutOfRange> | undefined,
  ) {
    const call = { caller, field: 'overrideSustainability', input, now: this.#now };
    return runOnce(this.#db, call, async (db): Promise<OverrideOutcome> => {
      const facility = (await lockFacilities(db, [input.facility])).get(input.facility);
      if (!facility) return unknownFacility(input.facility);
      const refused = decide(facility);
      if (refused) return refused;
      const { rows } = await db.query<{ category: BedCategory }>(LIMITED_CATEGORIES, [
        facility.id,
        input.cause,
      ]);
      if (rows.length === 0) return nothingToOverride(input.cause);
      return this.#add(db, facility, input, actorOf(caller), rows);
    });
  }

  /** Returns the limits in an area that need a person, as far as the caller may know them. */
  async toReview(
    area: string,
    { facilities, areas }: SustainabilityVisibility,
    page: { first: number; after: string | null | undefined },
  ): Promise<ReviewPage> {
    const start = reviewCursor.read(page.after);
    const { rows } = await this.#db.query<ReviewRow>({
      name: 'sustainability-to-review',
      text: TO_REVIEW,
      values: [
        this.#now,
        area,
        facilities,
        areas,
        start?.from ?? null,
        start?.id ?? null,
        page.first + 1,
      ],
    });
    return pageOf(rows, page.first, {
      cursorOf: ({ from, id }: ReviewRow) => reviewCursor.write({ from, id }),
      nodeOf: (row) => row,
      hasPreviousPage: start !== undefined,
    });
  }

  /** Writes an event for everything that the clock has changed since the last call, from whatever process. */
  async publishByClock(): Promise<void> {
    const values = [this.#now];
    await this.#db.query({ name: 'sustainability-by-clock', text: PUBLISH_BY_CLOCK, values });
    await this.#db.query({
      name: 'sustainability-not-renewed',
      text: PUBLISH_NOT_RENEWED,
      values,
    });
  }

  async #add(
    db: PoolClient,
    { id: facility, area }: LocatedFacility,
    { cause, until, reason }: OverrideSustainabilityInput,
    by: string,
    limited: readonly { category: BedCategory }[],
  ): Promise<OverrideRef> {
    await db.query({
      name: 'replace-sustainability-override',
      text: REPLACE_OVERRIDE,
      values: [facility, cause, this.#now],
    });
    const { rows } = await db.query<{ id: string }>({
      name: 'store-sustainability-override',
      text: STORE_OVERRIDE,
      values: [facility, cause, this.#now, until, reason, by],
    });
    const topic: SustainabilityTopic = 'capacity.sustainable-beds-changed';
    const tags = limited.map(({ category }) => tagOf('category', category));
    await publish(db, [{ topic, entity: facility, area, tags, at: this.#now }]);
    return { __typename: 'SustainabilityOverride', id: rows[0]!.id };
  }
}
