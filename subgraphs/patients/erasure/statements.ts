/** Statements that remove what tells of patients; $1 are their ids. They are part of `TEXT_COLUMNS`. */
const OF_PATIENTS = '(SELECT t.id FROM transfer t WHERE t.patient_id = ANY ($1::uuid[]))';

/** A tag that no card has, the PZC without the age (as `pzcWithoutAge`), no position. */
export const ERASE_TRACES = `
  UPDATE patient SET tag = 'erased-' || left(replace(gen_random_uuid()::text, '-', ''), 16), pzc = overlay(pzc PLACING 'xx' FROM 4 FOR 2),
    latitude = NULL, longitude = NULL
  WHERE id = ANY ($1::uuid[])`;

export const ERASE_IDENTITIES = 'DELETE FROM patient_identity WHERE patient_id = ANY ($1::uuid[])';

/** Why steps were taken: accepted, refused, diverted, called off. */
export const ERASE_STEP_REASONS = `
  UPDATE transfer_step SET reason = NULL WHERE transfer_id IN ${OF_PATIENTS} AND reason IS NOT NULL`;

export const ERASE_APPROVAL_REASONS = `
  UPDATE transfer_approval SET reason = NULL WHERE transfer_id IN ${OF_PATIENTS} AND reason IS NOT NULL`;

/** Why a dispatcher sent them elsewhere than a plan said. */
export const ERASE_OVERRIDES = `
  UPDATE allocation SET override_reason = NULL WHERE patient_id = ANY ($1::uuid[]) AND override_reason IS NOT NULL`;

/** Why plans in which they stand were discarded. */
export const ERASE_PLAN_REASONS = `
  UPDATE allocation_plan n SET settled_reason = NULL
  WHERE n.settled_reason IS NOT NULL AND n.id IN (
    SELECT plan_id FROM allocation WHERE patient_id = ANY ($1::uuid[])
    UNION SELECT plan_id FROM allocation_left_over WHERE patient_id = ANY ($1::uuid[]))`;

/** What readers wrote that they looked for. Entries are append-only; the function runs as the owner of the table. */
export const ERASE_AUDIT_WORDS = 'SELECT erase_audit_words(id) FROM unnest($1::uuid[]) AS id';

/** From now on nothing that tells of them is stored; $2 is when. */
export const MARK_ERASED = 'UPDATE patient SET erased_at = $2 WHERE id = ANY ($1::uuid[])';

/** $1 the incident, $2 words that name a person: they are redacted in its timeline and in why its plans were discarded. */
export const REDACT_TIMELINE = `
  UPDATE incident_entry SET text = redacted(text, $2::text[])
  WHERE incident_id = $1 AND redacted(text, $2::text[]) <> text`;
export const REDACT_PLANS = `
  UPDATE allocation_plan SET settled_reason = redacted(settled_reason, $2::text[])
  WHERE incident_id = $1 AND redacted(settled_reason, $2::text[]) <> settled_reason`;
/** $1 the words. */
export const REDACT_AUDIT = 'SELECT redact_audit_words($1::text[])';

export const IDENTITY_OF = `
  SELECT key_id AS "keyId", nonce, sealed FROM patient_identity WHERE patient_id = $1`;

/**
 * Patients whose time is over, locked until the transaction ends: of incidents closed before $1, and of none who were
 * registered before $1, unless a transfer of theirs goes on or went on since. $2 at most; others are at work on those that
 * are locked.
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

/** Free text of incidents closed before $1: that it was escalated or closed stays, why does not. $2 entries at most. */
export const FORGET_TIMELINES = `
  UPDATE incident_entry SET text = split_part(text, ': ', 1) || '.'
  WHERE (incident_id, seq) IN (
    SELECT e.incident_id, e.seq FROM incident i JOIN incident_entry e ON e.incident_id = i.id
    WHERE i.status = 'CLOSED' AND i.closed_at < $1 AND e.kind IN ('ESCALATED', 'CLOSED') AND e.text LIKE '%: %'
    LIMIT $2 FOR UPDATE OF e SKIP LOCKED)`;

/** Why plans were discarded before $1; $2 at most. */
export const FORGET_PLAN_REASONS = `
  UPDATE allocation_plan SET settled_reason = NULL
  WHERE id IN (
    SELECT id FROM allocation_plan WHERE settled_at < $1 AND settled_reason IS NOT NULL
    ORDER BY settled_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`;

/** Audit entries before $1; $2 at most. */
export const FORGET_AUDIT = 'SELECT forget_audit_entries($1::timestamptz, $2::int) AS count';
