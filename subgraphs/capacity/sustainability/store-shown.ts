import DataLoader from 'dataloader';
import { listLoader } from '../../../shared/database/index.js';
import { seesSustainability, type SustainabilityVisibility } from '../access/index.js';
import type { Database } from '../database/database.js';
import type { BedCategory } from '../generated/graphql.js';
import { LIMITS_OF } from './statements-beds.js';
import { failingFacilities } from './store-failing.js';
import { shownLimit, type Limit } from './shown.js';

/** A limit as the caller sees it. */
export type ShownLimit = Limit & { seesHours: boolean; notRenewed: boolean };

/** Reads the limits of beds, in batches. */
export class ShownLimitStore {
  readonly #now: Date;
  readonly #visibility: SustainabilityVisibility;
  readonly #limits: DataLoader<string, Limit[]>;
  readonly #failing: DataLoader<string, boolean>;

  constructor({ pool }: Database, now: Date, visibility: SustainabilityVisibility) {
    this.#now = now;
    this.#visibility = visibility;
    this.#limits = listLoader(
      async (facilities) => {
        const { rows } = await pool.query<Limit>({
          name: 'limits-of',
          text: LIMITS_OF,
          values: [facilities, now],
        });
        return rows;
      },
      ({ facilityId }) => facilityId,
    );
    this.#failing = new DataLoader(async (facilities) => {
      const failing = await failingFacilities(pool, facilities, now);
      return facilities.map((facility) => failing.has(facility));
    });
  }

  /** Whether a facility takes no casualties because it fails soon, or has failed. */
  isFailing(facility: string): Promise<boolean> {
    return this.#failing.load(facility);
  }

  /** The limit that is shown of beds of a category in a facility; undefined where the caller may know none. */
  async of(facility: string, category: BedCategory): Promise<ShownLimit | undefined> {
    const limits = await this.#limits.load(facility);
    if (limits.length === 0) return undefined;
    const seesHours = seesSustainability(this.#visibility, facility, limits[0]!.area);
    const limit = shownLimit(limits, category, seesHours);
    return limit && { ...limit, seesHours, notRenewed: limit.until <= this.#now };
  }
}
