import {
  ACTOR,
  CODE,
  freeText,
  NAME,
  SHARED_TEXT_COLUMNS,
  type TextColumns,
} from '../../../shared/personal-data/index.js';

/** A declaration is over when the next one replaced it. */
const replaced = (table: string) =>
  `EXISTS (
    SELECT FROM ${table} n WHERE n.facility_id = t.facility_id AND n.declared_at > t.declared_at AND n.declared_at < $1)`;
const CLOSURE_OVER = 'coalesce(t.reopened_at, t.until) < $1';
/** A hold is over when the last of its beds was released. */
const HOLD_OVER = `t.remaining = 0 AND t.placed_at < $1
    AND NOT EXISTS (SELECT FROM hold_release r WHERE r.hold_id = t.id AND r.released_at >= $1)`;

/**
 * Every column of the capacity database that can hold any text. None is about a patient, but a reason may name somebody: it is
 * removed once what it is the reason of has been over for long enough. A test fails while a column is missing.
 */
export const TEXT_COLUMNS: TextColumns = {
  ...SHARED_TEXT_COLUMNS,
  alarm_plan: {
    reason: freeText('alarm_plan', 'reason', 'coalesce(t.ended_at, t.until) < $1'),
    activated_by: ACTOR,
    ended_by: ACTOR,
  },
  bed: { source: NAME },
  bed_report: { source: NAME },
  capability_declaration: { source: NAME, declared_by: ACTOR },
  care_level_declaration: {
    reason: freeText('care_level_declaration', 'reason', replaced('care_level_declaration')),
    declared_by: ACTOR,
  },
  closure: {
    reason: freeText('closure', 'reason', CLOSURE_OVER),
    override_reason: freeText('closure', 'override_reason', CLOSURE_OVER),
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
    reason: freeText('hold', 'reason', HOLD_OVER),
    placed_by: ACTOR,
  },
  hold_release: {
    reason: freeText('hold_release', 'reason', 't.released_at < $1'),
    released_by: ACTOR,
  },
  intake_declaration: {
    source: NAME,
    assumption: freeText('intake_declaration', 'assumption', 't.valid_until < $1'),
    declared_by: ACTOR,
  },
  phase_declaration: {
    area: CODE,
    legal_basis: NAME,
    end_reason: freeText('phase_declaration', 'end_reason', 't.ended_at < $1'),
    declared_by: ACTOR,
    ended_by: ACTOR,
  },
  reference_edition: { digest: CODE },
  region: { code: CODE, name: NAME, parent_code: CODE },
  reservation: { created_by: ACTOR, origin_area: CODE },
  sustainability_declaration: { source: NAME },
  sustainability_override: {
    reason: freeText('sustainability_override', 'reason', 't.until < $1'),
    placed_by: ACTOR,
  },
  sustainable_beds: { source: NAME },
  reservation_item: { confirmed_by: ACTOR, redeemed_by: ACTOR, released_by: ACTOR },
};
