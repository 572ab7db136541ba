import type { PoolClient } from 'pg';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import { countedAs } from '../beds/index.js';
import type { RecountTopic } from './events.js';

/** Held beds that one declaration alone makes count: it is strict enough, and nothing else in force there is. */
const DECIDED_BY = `
SELECT f.id, f.area, array_agg(DISTINCT h.category::text) AS categories
FROM phase_declaration d
JOIN facility f ON starts_with(f.area, d.area)
JOIN hold h ON h.facility_id = f.id AND h.remaining > 0 AND h.counts_from <= d.phase
WHERE d.id = $1 AND NOT EXISTS (
  SELECT FROM phase_declaration other
  WHERE other.id <> d.id AND other.area = ANY (areas_around(f.area)) AND other.phase >= h.counts_from
    AND other.ended_at IS NULL
)
GROUP BY f.id ORDER BY f.id`;

/**
 * Publishes an event for every facility whose held beds begin or cease to count because this declaration was made or ended, under the
 * lock of the phases. No facility is locked: a reservation that is judged at the same moment is as good as one just
 * before, and what it took beyond the new numbers stands in `overcommitted`, as after a report.
 */
export async function publishRecount(db: PoolClient, declaration: string, at: Date): Promise<void> {
  const { rows } = await db.query<{ id: string; area: string; categories: string[] }>(DECIDED_BY, [
    declaration,
  ]);
  const held = rows.flatMap(({ id: facility, categories }) =>
    categories.map((category) => ({ facility, category })),
  );
  const counted = await countedAs(db, held, at);
  await publish(
    db,
    rows.map(({ id, area, categories }) => ({
      topic: 'capacity.holds-recounted' satisfies RecountTopic,
      entity: id,
      area,
      tags: [
        ...new Set(
          categories
            .flatMap((category) => [category, counted({ facility: id, category }) ?? category])
            .map((category) => tagOf('category', category)),
        ),
      ],
      at,
    })),
  );
}
