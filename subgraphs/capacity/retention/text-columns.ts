import {
  ACTOR,
  CODE,
  NAME,
  SHARED_TEXT_COLUMNS,
  type TextColumn,
  type TextColumns,
} from '../../../shared/personal-data/index.js';

/** Stands in place of a reason that was removed. */
export const REMOVED = '[removed]';

const forget = (table: string, column: string, isOver: string): TextColumn => ({
  holds: 'WORDS',
  forget: `
    UPDATE ${table} SET ${column} = '${REMOVED}' WHERE id IN (
      SELECT t.id FROM ${table} t WHERE t.${column} <> '${REMOVED}' AND ${isOver} LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`,
});
const replaced = (table: string) =>
  `t.declared_at < $1 AND EXISTS (
    SELECT FROM ${table} n WHERE n.facility_id = t.facility_id AND n.declared_at > t.declared_at)`;
const CLOSURE_OVER = 'coalesce(t.reopened_at, t.until) < $1';

/**
 * Every column of the capacity database that can hold any text. None is about a patient, but a reason may name somebody: it is
 * removed once what it is the reason of has been over for long enough. A test fails while a column is missing.
 */
export const TEXT_COLUMNS: TextColumns = {
  ...SHARED_TEXT_COLUMNS,
  alarm_plan: {
    reason: forget('alarm_plan', 'reason', 'coalesce(t.ended_at, t.until) < $1'),
    activated_by: ACTOR,
    ended_by: ACTOR,
  },
  bed: { source: NAME },
  bed_report: { source: NAME },
  capability_declaration: { source: NAME, declared_by: ACTOR },
  care_level_declaration: {
    reason: forget('care_level_declaration', 'reason', replaced('care_level_declaration')),
    declared_by: ACTOR,
  },
  closure: {
    reason: forget('closure', 'reason', CLOSURE_OVER),
    override_reason: forget('closure', 'override_reason', CLOSURE_OVER),
    closed_by: ACTOR,
    reopened_by: ACTOR,
    overridden_by: ACTOR,
  },
  facility: {
    site_number: CODE,
    ik: CODE,
    area: CODE,
    name: NAME,
    street: NAME,
    postcode: CODE,
    city: NAME,
  },
  hold: {
    reason: forget('hold', 'reason', 't.remaining = 0 AND t.placed_at < $1'),
    placed_by: ACTOR,
  },
  hold_release: {
    reason: forget('hold_release', 'reason', 't.released_at < $1'),
    released_by: ACTOR,
  },
  intake_declaration: {
    source: NAME,
    assumption: forget('intake_declaration', 'assumption', 't.valid_until < $1'),
    declared_by: ACTOR,
  },
  phase_declaration: {
    area: CODE,
    legal_basis: NAME,
    end_reason: forget('phase_declaration', 'end_reason', 't.ended_at < $1'),
    declared_by: ACTOR,
    ended_by: ACTOR,
  },
  reference_edition: { digest: CODE },
  region: { code: CODE, name: NAME, parent_code: CODE },
  reservation: { created_by: ACTOR, origin_area: CODE },
  sustainability_declaration: { source: NAME },
  sustainability_override: {
    reason: forget('sustainability_override', 'reason', 't.until < $1'),
    placed_by: ACTOR,
  },
  sustainable_beds: { source: NAME },
  reservation_item: { confirmed_by: ACTOR, redeemed_by: ACTOR, released_by: ACTOR },
};
