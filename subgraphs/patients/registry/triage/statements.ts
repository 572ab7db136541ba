/** All triages of the patients $1 whom a caller with the areas $2 and facilities $3 may see, oldest first. */
export const ASSESSMENTS_OF = `
  SELECT a.patient_id AS patient, a.category::text, a.method::text, a.by_physician AS "byPhysician", a.decisive, a.at, a.by
  FROM triage_assessment a JOIN patient p ON p.id = a.patient_id
  WHERE a.patient_id = ANY ($1::uuid[]) AND may_see(p.id, p.area, $2, $3)
  ORDER BY a.patient_id, a.seq`;

export const STORE_ASSESSMENT = `
  INSERT INTO triage_assessment (patient_id, category, method, by_physician, findings, decisive, at, by)
  VALUES ($1, $2::"TriageCategory", $3::"TriageMethod", $4, $5, $6, $7, $8)`;

/** Stores the first triage of several patients: $1 to $4 a column each, $5 the instant, $6 the actor. */
export const STORE_ASSESSMENTS = `
  INSERT INTO triage_assessment (patient_id, category, method, by_physician, decisive, at, by)
  SELECT id, category::"TriageCategory", method::"TriageMethod", by_physician, true, $5::timestamptz, $6
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) AS a (id, category, method, by_physician)`;

/** Stores that a physician pronounced patient $1 dead at $2; $3 is the actor. */
export const STORE_DEATH_ASSESSMENT = `
  INSERT INTO triage_assessment (patient_id, category, method, by_physician, decisive, at, by)
  VALUES ($1, 'EX', 'PHYSICIAN', true, true, $2, $3)`;
