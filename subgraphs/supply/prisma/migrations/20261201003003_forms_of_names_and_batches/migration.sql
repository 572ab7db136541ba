-- The one form of names that read alike, as `nameKey` of organisations/rules.ts writes it.
CREATE FUNCTION pg_temp.name_key(name TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT normalize(replace(lower(upper(btrim(regexp_replace(
    regexp_replace(normalize(name, NFKC),
      '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U000E0000-\U000E0FFF]',
      '', 'g'),
    '\s+', ' ', 'g')))), 'ß', 'ss'), NFKC)
$$;

ALTER TABLE "organisation" ADD COLUMN "name_key" TEXT;
-- Of several that are one by now, the first has the form; the others stay as they are, and are found by their ids.
UPDATE "organisation" o SET "name_key" = f.key || CASE WHEN f.n > 1 THEN ' ' || o."id" ELSE '' END
FROM (
  SELECT "id", pg_temp.name_key("name") AS key,
    row_number() OVER (PARTITION BY "area", "kind", pg_temp.name_key("name") ORDER BY "registered_at", "id") AS n
  FROM "organisation"
) AS f WHERE f."id" = o."id";
ALTER TABLE "organisation" ALTER COLUMN "name_key" SET NOT NULL;
DROP INDEX "organisation_area_kind_name_key";
CREATE UNIQUE INDEX "organisation_area_kind_name_key_key" ON "organisation"("area", "kind", "name_key");

-- Batch numbers have no spaces, and nothing that no pack prints: that becomes a ?, so that it can still be booked and recalled.
CREATE FUNCTION pg_temp.printed_batch(batch TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN batch ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN batch
    ELSE regexp_replace(replace(batch, ' ', ''), '[^A-Z0-9!"%&''()*+,./:;<=>?_-]', '?', 'g') END
$$;

-- Batches of a stock that are one: their sum, the earlier of their dates, the later of their bookings.
CREATE TEMP TABLE printed_batch_sum ON COMMIT DROP AS
SELECT stock_id, pg_temp.printed_batch(batch) AS batch, sum(quantity) AS quantity, min(usable_until) AS usable_until, max(booked_to) AS booked_to
FROM stock_batch b
WHERE EXISTS (
  SELECT FROM stock_batch o WHERE o.stock_id = b.stock_id AND o.batch <> pg_temp.printed_batch(o.batch)
    AND pg_temp.printed_batch(o.batch) = pg_temp.printed_batch(b.batch))
GROUP BY stock_id, pg_temp.printed_batch(batch);
DELETE FROM stock_batch b USING printed_batch_sum o WHERE b.stock_id = o.stock_id AND pg_temp.printed_batch(b.batch) = o.batch;
INSERT INTO stock_batch (stock_id, batch, quantity, usable_until, booked_to)
SELECT stock_id, batch, quantity, usable_until, booked_to FROM printed_batch_sum;
UPDATE stock_booking SET batch = pg_temp.printed_batch(batch) WHERE batch <> pg_temp.printed_batch(batch);
UPDATE supply_shipment SET batch = nullif(pg_temp.printed_batch(batch), '') WHERE batch <> pg_temp.printed_batch(batch);

-- Of several recalls of what is one batch in one area, the first that applies stays.
DELETE FROM batch_recall r USING batch_recall o
WHERE o.id <> r.id AND o.item_id = r.item_id AND o.area = r.area AND pg_temp.printed_batch(o.batch) = pg_temp.printed_batch(r.batch)
  AND (o.ended_at IS NOT NULL, o.at, o.id) < (r.ended_at IS NOT NULL, r.at, r.id);
UPDATE batch_recall SET batch = pg_temp.printed_batch(batch) WHERE batch <> pg_temp.printed_batch(batch);

-- What can be used of the stocks concerned is judged as soon as the clock runs.
UPDATE stock s SET judged_again_at = 'epoch' FROM printed_batch_sum o WHERE o.stock_id = s.id;
