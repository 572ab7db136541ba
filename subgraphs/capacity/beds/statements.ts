/**
 * Stores accepted reports set by set, in one statement and so in one transaction: history, present state, events.
 *
 * - A report whose key is known already is skipped: repeating changes nothing.
 * - An older report joins the history and overwrites nothing.
 * - A modelled number behind a house's own fresh one changes nothing that anyone sees, so nobody is told.
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
  SELECT outbox_batch(), 'capacity.beds-reported', f.id::text, f.area, array_agg(DISTINCT c.category::text), $14
  FROM changed c JOIN facility f ON f.id = c.facility_id
  WHERE c.tier = 'OWN' OR NOT EXISTS (
    SELECT FROM bed own
    WHERE own.facility_id = c.facility_id AND own.category = c.category AND own.tier = 'OWN' AND own.stale_at > $14
  )
  GROUP BY f.id, f.area ORDER BY f.id
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
SELECT outbox_batch(), 'capacity.beds-went-stale', f.id::text, f.area, array_agg(DISTINCT g.category::text), $1
FROM gone g JOIN facility f ON f.id = g.facility_id
GROUP BY f.id, f.area ORDER BY f.id`;
