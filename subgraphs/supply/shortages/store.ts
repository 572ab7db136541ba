import type { Pool } from 'pg';
import { cursorCodec, pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import { dutyOfStock, dutyValues } from '../stocks/index.js';

/** A need is shown where at least this number of facilities contribute ... */
const FEWEST_CONTRIBUTORS = 3;
/** ... and none of them has more than this share, so that the sum discloses nothing of one. */
const LARGEST_SHARE = 0.8;

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

/**
 * The sums of what is missing, by Kreis and item: of an area ($1), an item ($2, null for all), behind a Kreis ($3) and an item ($4)
 * where they are given, at most $5, from at least $6 facilities with at most the share $7 each. $8 to $12 are `dutyValues`.
 */
const NEEDS = `
WITH missing AS (
  SELECT f.area, s.item_id,
    GREATEST(CASE WHEN s.consumption_modelled THEN 0 ELSE COALESCE(duty.required_days * s.average_consumption, 0) END,
      COALESCE(s.minimum, 0)) - s.quantity AS quantity
  FROM stock s
  JOIN facility f ON f.id = s.holder_id
  LEFT JOIN organisation o ON o.id = s.holder_id
  JOIN item i ON i.id = s.item_id
  LEFT JOIN ${dutyOfStock(8)} ON true
  WHERE f.area LIKE $1 || '%' AND NOT s.modelled AND ($2::uuid IS NULL OR s.item_id = $2)
)
SELECT m.area, m.item_id AS "itemId", sum(m.quantity)::float8 AS missing, count(*)::int AS facilities
FROM missing m
WHERE m.quantity > 0 AND ($3::text IS NULL OR (m.area, m.item_id) > ($3, $4::uuid))
GROUP BY m.area, m.item_id
HAVING count(*) >= $6::int AND max(m.quantity) <= sum(m.quantity) * $7::float8::numeric
ORDER BY m.area, m.item_id LIMIT $5`;

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
  ): Promise<NeedPage> {
    const start = needCursor.read(after);
    const { rows } = await this.#db.query<NeedRow>(NEEDS, [
      ...[area, item, start?.area ?? null, start?.itemId ?? null, length + 1],
      ...[FEWEST_CONTRIBUTORS, LARGEST_SHARE, ...dutyValues(this.#now)],
    ]);
    return pageOf(rows, length, {
      cursorOf: (row) => needCursor.write(row),
      nodeOf: (row: NeedRow) => row,
      hasPreviousPage: start !== undefined,
    });
  }
}
