/**
 * Patients whose retention has ended, locked until the transaction ends: of incidents closed before $1, and without an incident
 * those registered before $1, unless a transfer of theirs is open or changed since. $2 at most; locked patients are left to the
 * process that locked them.
 */
const AT_REST = `NOT EXISTS (SELECT FROM transfer t WHERE t.patient_id = p.id
    AND (t.status_at >= $1 OR t.status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED')))`;
export const DUE_OF_INCIDENTS = `
  SELECT p.id FROM incident i JOIN patient p ON p.incident_id = i.id
  WHERE i.status = 'CLOSED' AND i.closed_at < $1 AND p.erased_at IS NULL AND ${AT_REST}
  ORDER BY i.closed_at, p.id LIMIT $2 FOR NO KEY UPDATE OF p SKIP LOCKED`;
export const DUE_OF_FACILITIES = `
  SELECT p.id FROM patient p
  WHERE p.incident_id IS NULL AND p.registered_at < $1 AND p.erased_at IS NULL AND ${AT_REST}
  ORDER BY p.registered_at, p.id LIMIT $2 FOR NO KEY UPDATE OF p SKIP LOCKED`;
