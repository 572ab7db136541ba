-- What was kept under the key of a Kreis that is part of another one today. Facilities follow with the reference import.
CREATE TEMPORARY TABLE former_kreis ON COMMIT DROP AS
SELECT * FROM (VALUES ('03152', '03159'), ('03156', '03159'), ('16056', '16063')) AS f (key, successor);

-- A phase that is in force in the successor already stays where it is: the same one is not in force twice.
UPDATE "phase_declaration" p SET "area" = f.successor FROM former_kreis f
WHERE p."area" = f.key AND (p."ended_at" IS NOT NULL OR NOT EXISTS (
  SELECT FROM "phase_declaration" o
  WHERE o."area" = f.successor AND o."phase" = p."phase" AND o."hazard" = p."hazard" AND o."ended_at" IS NULL));

-- A watcher of the successor who resumes hears what happened before.
UPDATE "outbox_event" e SET "area" = f.successor FROM former_kreis f WHERE e."area" = f.key;
UPDATE "outbox_event" e SET "tags" = array_replace(e."tags", f.key, f.successor)
FROM former_kreis f WHERE f.key = ANY (e."tags");
