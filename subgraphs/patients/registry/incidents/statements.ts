import { incidentColumns } from '../../generated/columns.js';
import { omit, selectionOf } from '../../../../shared/database/index.js';
import { seqOf } from '../../../../shared/lists/index.js';

const INCIDENT_COLUMNS = selectionOf(omit(incidentColumns, 'declaredBy', 'seq'), 'i');

export const INCIDENTS_BY_ID = `
  SELECT ${INCIDENT_COLUMNS} FROM incident i WHERE i.id = ANY ($1::uuid[])`;

/** An incident, locked for a change until the transaction ends. */
export const INCIDENT_LOCKED = `
  SELECT ${INCIDENT_COLUMNS} FROM incident i WHERE i.id = $1 FOR NO KEY UPDATE`;

/** An incident that no transaction can close until this one ends; others can register casualties in it. */
export const INCIDENT_KEPT_OPEN = `
  SELECT ${INCIDENT_COLUMNS} FROM incident i WHERE i.id = $1 FOR SHARE`;

const MATCHING = `starts_with(i.area, $1) AND ($2::text IS NULL OR i.status::text = $2)
    AND ($3::text[] IS NULL OR i.hazard::text = ANY ($3))`;

/** $1 area, $2 status, $3 hazards; $4 and $5 instant and id of the incident before the page; $6 the length of the page. */
export const INCIDENTS_PAGE = `
  SELECT i.id, i.declared_at AS at FROM incident i
  WHERE ${MATCHING} AND ($4::timestamptz IS NULL OR (i.declared_at, i.seq) < ($4, ${seqOf('incident', '$5')}))
  ORDER BY i.declared_at DESC, i.seq DESC LIMIT $6`;

export const INCIDENTS_COUNTED = `SELECT count(*)::int AS count FROM incident i WHERE ${MATCHING}`;

export const SECTIONS_OF = `
  SELECT s.incident_id AS incident, s.id, s.name, s.kind::text, s.opened_at AS "openedAt",
    CASE WHEN s.latitude IS NOT NULL THEN json_build_object('latitude', s.latitude, 'longitude', s.longitude) END AS position
  FROM incident_section s WHERE s.incident_id = ANY ($1::uuid[]) ORDER BY s.opened_at, s.seq`;

/** The newest $2 entries of each incident, oldest first. */
export const TIMELINES_OF = `
  SELECT i.id AS incident, e.kind::text, e.at, e.by, e.text
  FROM incident i, LATERAL (
    SELECT * FROM incident_entry e
    WHERE e.incident_id = i.id ORDER BY e.seq DESC LIMIT $2) AS e
  WHERE i.id = ANY ($1::uuid[]) ORDER BY i.id, e.seq`;

export const CASUALTIES_OF = `
  SELECT incident_id AS incident, category::text, count(*)::int AS count
  FROM patient WHERE incident_id = ANY ($1::uuid[]) GROUP BY incident_id, category`;

/** Counts the living, injured patients who are in no facility: on the way after the pick-up, before it at the scene. */
export const REMAINING_OF = `
  SELECT p.incident_id AS incident,
         count(*) FILTER (WHERE t.id IS NULL)::int AS "atScene",
         count(*) FILTER (WHERE t.id IS NOT NULL)::int AS "onTheWay"
  FROM patient p
  LEFT JOIN transfer t ON t.patient_id = p.id AND t.status IN ('PICKED_UP', 'UNDER_WAY', 'DIVERTED', 'ARRIVED')
  WHERE p.incident_id = ANY ($1::uuid[]) AND p.facility_id IS NULL AND p.died_at IS NULL AND p.category <> 'UNINJURED'
  GROUP BY p.incident_id`;

export const STORE_INCIDENT = `
  INSERT INTO incident (name, hazard, area, lead_area, latitude, longitude, estimated_casualties, declared_at, declared_by)
  VALUES ($1, $2::"Hazard", $3, $3, $4, $5, $6, $7, $8) RETURNING id`;

export const CHANGE_INCIDENT = `
  UPDATE incident SET lead_area = $2, estimated_casualties = $3, status = $4::"IncidentStatus", closed_at = $5
  WHERE id = $1`;

export const STORE_SECTION = `
  INSERT INTO incident_section (incident_id, name, kind, opened_at, latitude, longitude)
  VALUES ($1, $2, $3::"SectionKind", $4, $5, $6)
  ON CONFLICT (incident_id, name) DO NOTHING`;

/** The newest entry of kind $2 in the timeline of incident $1. */
export const NEWEST_ENTRY = `
  SELECT by, text FROM incident_entry WHERE incident_id = $1 AND kind = $2::"IncidentEntryKind"
  ORDER BY seq DESC LIMIT 1`;

export const STORE_ENTRY = `
  INSERT INTO incident_entry (incident_id, kind, at, by, text) VALUES ($1, $2::"IncidentEntryKind", $3, $4, $5)`;

/** Redacts words that name a person, $2, in the timeline of incident $1. */
export const REDACT_TIMELINE = `
  UPDATE incident_entry SET text = redacted(text, $2::text[])
  WHERE incident_id = $1 AND redacted(text, $2::text[]) <> text`;

/** Removes the reasons of escalations and closings of incidents that were closed before $1; at most $2 entries. */
export const FORGET_TIMELINES = `
  UPDATE incident_entry SET text = split_part(text, ': ', 1) || '.'
  WHERE (incident_id, seq) IN (
    SELECT e.incident_id, e.seq FROM incident i JOIN incident_entry e ON e.incident_id = i.id
    WHERE i.status = 'CLOSED' AND i.closed_at < $1 AND e.kind IN ('ESCALATED', 'CLOSED') AND e.text LIKE '%: %'
    LIMIT $2 FOR UPDATE OF e SKIP LOCKED)`;
