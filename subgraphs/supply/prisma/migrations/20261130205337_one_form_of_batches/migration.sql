-- One form of every batch number, as shared/text `batchText` writes it: compatible characters, nothing that does not show, single spaces and
-- none around it, one kind of hyphen, capitals; a UUID in lower case.
CREATE FUNCTION pg_temp.batch_text(written TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN form ~ '^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$' THEN lower(form) ELSE form END
  FROM (SELECT upper(btrim(
    regexp_replace(
      regexp_replace(
        regexp_replace(
          normalize(written, NFKC),
          '[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U000E0000-\U000E0FFF]',
          '', 'g'),
        '[\u2010-\u2015\u2212\u2E3A\u2E3B\u301C]', '-', 'g'),
      '[ \u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]+', ' ', 'g')))) AS f (form)
$$;

-- Batches of a stock that are one: their sum, the earlier of their dates, the later of their bookings.
CREATE TEMP TABLE one_batch ON COMMIT DROP AS
SELECT stock_id, pg_temp.batch_text(batch) AS batch, sum(quantity) AS quantity, min(usable_until) AS usable_until, max(booked_to) AS booked_to
FROM stock_batch b
WHERE EXISTS (
  SELECT FROM stock_batch o WHERE o.stock_id = b.stock_id AND o.batch <> pg_temp.batch_text(o.batch)
    AND pg_temp.batch_text(o.batch) = pg_temp.batch_text(b.batch))
GROUP BY stock_id, pg_temp.batch_text(batch);
DELETE FROM stock_batch b USING one_batch o WHERE b.stock_id = o.stock_id AND pg_temp.batch_text(b.batch) = o.batch;
INSERT INTO stock_batch (stock_id, batch, quantity, usable_until, booked_to)
SELECT stock_id, batch, quantity, usable_until, booked_to FROM one_batch;

UPDATE stock_booking SET batch = pg_temp.batch_text(batch) WHERE batch <> pg_temp.batch_text(batch);
UPDATE supply_shipment SET batch = nullif(pg_temp.batch_text(batch), '') WHERE batch <> pg_temp.batch_text(batch);

-- Of several recalls of what is one batch in one area, the first stays.
DELETE FROM batch_recall r USING batch_recall o
WHERE o.id <> r.id AND o.item_id = r.item_id AND o.area = r.area AND pg_temp.batch_text(o.batch) = pg_temp.batch_text(r.batch)
  AND (o.at, o.id) < (r.at, r.id);
UPDATE batch_recall SET batch = pg_temp.batch_text(batch) WHERE batch <> pg_temp.batch_text(batch);

-- Who ended a recall, when and why; all null while it applies.
ALTER TABLE "batch_recall" ADD COLUMN "ended_at" TIMESTAMPTZ(3), ADD COLUMN "ended_by" TEXT, ADD COLUMN "end_reason" TEXT;

-- A supplier says that it has seen a request.
ALTER TYPE "SupplyAct" ADD VALUE 'SEE' AFTER 'ACKNOWLEDGE';

-- For requests with open lines at half the time until they are needed, and for commitments that are overdue.
CREATE INDEX "supply_request_needed_until_idx" ON "supply_request"("needed_until");
