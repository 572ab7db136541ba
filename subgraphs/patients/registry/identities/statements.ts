/** $1 the tag, $2 the incident or null; $3 and $4 areas and facilities whose patients may be searched. One row or none. */
export const PATIENT_BY_TAG = `
  SELECT p.id, p.tag FROM patient p
  WHERE p.tag = $1 AND ($2::uuid IS NULL OR p.incident_id = $2) AND may_see(p.id, p.area, $3, $4)
  ORDER BY p.registered_at DESC, p.seq DESC LIMIT 1`;

/** $1 the id; $2 and $3 areas and facilities whose patients may be searched. */
export const IDENTITY_BY_ID = `
  SELECT p.id, p.tag, p.area, ARRAY(SELECT holding_facilities(p.id)) AS holding, i.key_id AS "keyId", i.nonce,
         i.sealed
  FROM patient p LEFT JOIN patient_identity i ON i.patient_id = p.id
  WHERE p.id = $1 AND may_see(p.id, p.area, $2, $3)`;

/**
 * A patient whom one of the caller's facilities holds, locked until the transaction ends. $1 the id; $2 the facilities. One row
 * or none: a hidden patient reads as a missing one.
 */
export const PATIENT_HELD = `
  SELECT p.id, p.erased_at AS "erasedAt" FROM patient p
  WHERE p.id = $1 AND EXISTS (SELECT FROM holding_facilities(p.id) AS f WHERE f = ANY ($2::uuid[]))
  FOR NO KEY UPDATE OF p`;

export const KEEP_IDENTITY = `
  INSERT INTO patient_identity (patient_id, key_id, nonce, sealed) VALUES ($1, $2, $3, $4)
  ON CONFLICT (patient_id) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed`;

/** Counts the searches of $1 since $2. */
export const SEARCHES_OF = `
  SELECT count(*)::int AS count, min(a.at) AS oldest FROM audit_entry a
  WHERE a.by = $1 AND a.action = 'FIND_BY_TAG' AND a.at > $2`;

/** Stores the identities of several patients; each parameter is a column. */
export const STORE_IDENTITIES = `
  INSERT INTO patient_identity (patient_id, key_id, nonce, sealed)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[])`;

export const SEALED_IDENTITY = `
  SELECT key_id AS "keyId", nonce, sealed FROM patient_identity WHERE patient_id = $1`;

export const ERASE_IDENTITIES = 'DELETE FROM patient_identity WHERE patient_id = ANY ($1::uuid[])';
