const ICU_LEVELS_AND_CHILDREN = `'{ICU_LOW_CARE,ICU_HIGH_CARE,ECMO,PAEDIATRIC_ICU}'::"BedCategory"[]`;

/**
 * The tags of an event of facility `f`: the categories that changed, and where it has a modelled share of intensive care also
 * the share when a level of it changed, and the levels when the share did. Each decides whether the other is in force.
 */
const tagsOf = (changed: string) => `(
  SELECT array_agg(DISTINCT t.category::text) FROM (
    SELECT unnest(${changed}) AS category
    UNION ALL
    SELECT other.category FROM bed share JOIN bed other ON other.facility_id = share.facility_id
    WHERE share.facility_id = f.id AND share.category = 'ICU_UNSPECIFIED' AND share.tier = 'MODELLED' AND (
      other.category = 'ICU_UNSPECIFIED' AND ${changed} && ${ICU_LEVELS_AND_CHILDREN}
      OR other.category = ANY (${ICU_LEVELS_AND_CHILDREN}) AND 'ICU_UNSPECIFIED' = ANY (${changed})
    )
  ) t
)`;

/**
 * Stores accepted reports set by set, in one statement and so in one transaction: history, present state, events.
 *
 * - A report whose key is known already is skipped: repeating changes nothing.
 * - An older report joins the history and overwrites nothing.
 * - A modelled number behind a facility's own fresh one changes nothing that anyone sees, so nobody is told; nor of a modelled
 *   share that a fresh report of a level of intensive care replaces.
 * - Rows are written in one order everywhere, so that two calls never wait for each other in a circle.
 *
 * $1..$13 are the columns of the reports, $14 is when they were received. Returns the keys that were new.
 */
export const STORE_REPORTS = `
WITH given AS (
  SELECT g.*, limits::"Limitation"[] AS limitations FROM unnest(
    $1::uuid[], $2::"BedCategory"[], $3::"ReportTier"[], $4::int[], $5::int[], $6::int[], $7::"BedStatus"[],
    $8::text[], $9::text[], $10::"Method"[], $11::timestamptz[], $12::timestamptz[], $13::boolean[]
  ) WITH ORDINALITY AS g (
    facility_id, category, tier, operable, occupied, blocked, status, limits, source, method, observed_at, stale_at,
    after_deadline, place
  )
), stored AS (
  INSERT INTO bed_report (facility_id, category, source, observed_at, method, operable, occupied, blocked, status,
                          limitations, received_at)
  SELECT facility_id, category, source, observed_at, method, operable, occupied, blocked, status, limitations, $14
  FROM given ORDER BY facility_id, category, source, observed_at, place
  ON CONFLICT DO NOTHING
  RETURNING facility_id, category, source, observed_at
), newest AS (
  SELECT DISTINCT ON (facility_id, category, tier) given.*
  FROM given JOIN stored USING (facility_id, category, source, observed_at)
  ORDER BY facility_id, category, tier, observed_at DESC, place
), changed AS (
  INSERT INTO bed (facility_id, category, tier, source, observed_at, method, operable, occupied, blocked, status,
                   limitations, received_at, late, stale_at)
  SELECT facility_id, category, tier, source, observed_at, method, operable, occupied, blocked, status, limitations, $14,
         after_deadline, stale_at
  FROM newest ORDER BY facility_id, category, tier
  ON CONFLICT (facility_id, category, tier) DO UPDATE SET
    source = excluded.source, observed_at = excluded.observed_at, method = excluded.method,
    operable = excluded.operable, occupied = excluded.occupied, blocked = excluded.blocked, status = excluded.status,
    limitations = excluded.limitations, received_at = excluded.received_at, stale_at = excluded.stale_at,
    staleness_told = false,
    late = excluded.late AND bed.received_at
      < date_trunc('day', excluded.received_at AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'Europe/Berlin'
  WHERE bed.observed_at < excluded.observed_at
  RETURNING facility_id, category, tier
), told AS (
  INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
  SELECT outbox_batch(), 'capacity.beds-reported', f.id::text, f.area, ${tagsOf('c.categories')}, $14
  FROM (
    SELECT facility_id, array_agg(DISTINCT category) AS categories FROM changed c
    WHERE c.tier = 'OWN' OR NOT EXISTS (
      SELECT FROM bed own
      WHERE own.facility_id = c.facility_id AND own.tier = 'OWN' AND own.stale_at > $14 AND (
        own.category = c.category
        OR c.category = 'ICU_UNSPECIFIED' AND own.category IN ('ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO')
          AND own.operable IS NOT NULL
      )
    )
    GROUP BY facility_id
  ) c JOIN facility f ON f.id = c.facility_id
  ORDER BY f.id
)
SELECT facility_id, category::text, source, observed_at FROM stored`;

/**
 * Tells watchers of numbers that went stale by $1 and of which they were not told yet. A row that a report is just changing
 * is left to the next turn, so that the two never wait for each other in a circle.
 */
export const TELL_STALENESS = `
WITH due AS (
  SELECT facility_id, category, tier FROM bed WHERE stale_at <= $1 AND NOT staleness_told
  ORDER BY facility_id, category, tier FOR UPDATE SKIP LOCKED
), gone AS (
  UPDATE bed SET staleness_told = true FROM due
  WHERE bed.facility_id = due.facility_id AND bed.category = due.category AND bed.tier = due.tier
  RETURNING bed.facility_id, bed.category
)
INSERT INTO outbox_event (batch, topic, entity, area, tags, at)
SELECT outbox_batch(), 'capacity.beds-went-stale', f.id::text, f.area, ${tagsOf('g.categories')}, $1
FROM (SELECT facility_id, array_agg(DISTINCT category) AS categories FROM gone GROUP BY facility_id) g
JOIN facility f ON f.id = g.facility_id
ORDER BY f.id`;
