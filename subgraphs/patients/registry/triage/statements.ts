/** Every triage of the patients $1 whom a caller with $2 and $3 may see, oldest first. */
export const ASSESSMENTS_OF = `
  SELECT a.patient_id AS patient, a.category::text, a.method::text, a.by_physician AS "byPhysician", a.decisive, a.at, a.by
  FROM triage_assessment a JOIN patient p ON p.id = a.patient_id
  WHERE a.patient_id = ANY ($1::uuid[]) AND may_see(p.id, p.area, $2, $3)
  ORDER BY a.patient_id, a.seq`;

export const STORE_ASSESSMENT = `
  INSERT INTO triage_assessment (patient_id, category, method, by_physician, findings, decisive, at, by)
  VALUES ($1, $2::"TriageCategory", $3::"TriageMethod", $4, $5, $6, $7, $8)`;

export const CHANGE_TRIAGE = `
  UPDATE patient SET category = $2::"TriageCategory", by_physician = $3, triaged_at = $4, retriage_at = $5,
    retriage_told = false, died_at = $6, transport_priority = $7, transportable = $8
  WHERE id = $1`;

export const CHANGE_CARE = `
  UPDATE patient SET needs = $2::"Need"[], ventilated = $3, physician_escort = $4, pzc = $5 WHERE id = $1`;

/** Marks those whose time has come by $1 as told. Several processes may do it at once: each row is told by one of them. */
export const MARK_DUE = `
  WITH due AS (
    SELECT p.id FROM patient p WHERE p.retriage_at <= $1 AND NOT p.retriage_told FOR NO KEY UPDATE SKIP LOCKED)
  UPDATE patient p SET retriage_told = true FROM due WHERE p.id = due.id RETURNING p.id`;
