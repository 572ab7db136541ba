import type { Pool } from 'pg';
import { cursorCodec, pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import { beginning } from '../organisations/index.js';
import { dutyValues } from '../stocks/index.js';
import { FEWEST_CONTRIBUTORS, LARGEST_SHARE, LEAST_REST } from './rules.js';
import { NEEDS } from './statements.js';

export interface NeedRow {
  area: string;
  itemId: string;
  missing: number;
  facilities: number;
}

export type NeedPage = PageSlice<NeedRow>;

const needCursor = cursorCodec<Pick<NeedRow, 'area' | 'itemId'>>({
  textOf: ({ area, itemId }) => JSON.stringify([area, itemId]),
  positionOf(text) {
    const [area, itemId] = JSON.parse(text) as unknown[];
    if (typeof area !== 'string' || typeof itemId !== 'string' || !isUuid(itemId)) return undefined;
    return { area, itemId };
  },
});

/** The areas (AGS prefixes) of which a caller reads needs, and the holders of its own, which do not count in them. */
interface NeedVisibility {
  areas: readonly string[];
  own: readonly string[];
}

/** The needs of several facilities together. */
export class NeedStore {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  async page(
    area: string,
    item: string | null,
    length: number,
    after: string | null | undefined,
    { areas, own }: NeedVisibility,
  ): Promise<NeedPage> {
    const start = needCursor.read(after);
    const { rows } = await this.#db.query<NeedRow>(NEEDS, [
      beginning(area),
      item,
      start?.area ?? null,
      start?.itemId ?? null,
      length + 1,
      FEWEST_CONTRIBUTORS,
      LARGEST_SHARE,
      ...dutyValues(this.#now),
      LEAST_REST,
      areas.map(beginning),
      own,
    ]);
    return pageOf(rows, length, {
      cursorOf: (row) => needCursor.write(row),
      nodeOf: (row: NeedRow) => row,
      hasPreviousPage: start !== undefined,
    });
  }
}
