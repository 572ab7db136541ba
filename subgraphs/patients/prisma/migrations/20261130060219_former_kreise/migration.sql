-- What was kept under the key of a Kreis that is part of another one today.
CREATE TEMPORARY TABLE former_kreis ON COMMIT DROP AS
SELECT * FROM (VALUES ('03152', '03159'), ('03156', '03159'), ('16056', '16063')) AS f (key, successor);

UPDATE "facility_place" t SET "area" = f.successor FROM former_kreis f WHERE t."area" = f.key;
UPDATE "patient" t SET "area" = f.successor FROM former_kreis f WHERE t."area" = f.key;
UPDATE "incident" t SET "area" = f.successor FROM former_kreis f WHERE t."area" = f.key;
UPDATE "incident" t SET "lead_area" = f.successor FROM former_kreis f WHERE t."lead_area" = f.key;
UPDATE "transfer" t SET "from_area" = f.successor FROM former_kreis f WHERE t."from_area" = f.key;
UPDATE "transfer" t SET "to_area" = f.successor FROM former_kreis f WHERE t."to_area" = f.key;
UPDATE "transfer_approval" t SET "area" = f.successor FROM former_kreis f WHERE t."area" = f.key;
UPDATE "vehicle" t SET "area" = f.successor FROM former_kreis f WHERE t."area" = f.key;
UPDATE "vehicle" t SET "lent_by" = f.successor FROM former_kreis f WHERE t."lent_by" = f.key;
UPDATE "allocation_plan" t SET "area" = f.successor FROM former_kreis f WHERE t."area" = f.key;
UPDATE "allocation" t SET "facility_area" = f.successor FROM former_kreis f WHERE t."facility_area" = f.key;
UPDATE "allocation_load" t SET "facility_area" = f.successor FROM former_kreis f WHERE t."facility_area" = f.key;

-- A watcher of the successor who resumes hears what happened before. Tags name areas as `from:16056` or `sent:16056:...`.
UPDATE "outbox_event" e SET "area" = f.successor FROM former_kreis f WHERE e."area" = f.key;
UPDATE "outbox_event" e
SET "tags" = (SELECT array_agg(regexp_replace(tag, '^([a-z]+:)' || f.key || '(:|$)', '\1' || f.successor || '\2') ORDER BY n)
              FROM unnest(e."tags") WITH ORDINALITY AS t (tag, n))
FROM former_kreis f WHERE EXISTS (SELECT FROM unnest(e."tags") AS tag WHERE tag ~ ('^[a-z]+:' || f.key || '(:|$)'));
