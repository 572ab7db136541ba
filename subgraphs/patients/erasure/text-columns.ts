import {
  ACTOR,
  CODE,
  NAME,
  type TextColumn,
  type TextColumns,
} from '../../../shared/retention/text-columns.js';
import * as statements from './statements.js';

const about = (erase: string): TextColumn => ({ holds: 'PATIENT', erase });

/**
 * Every column of the patients database that can hold any text. An erasure runs the statements that stand here, so a column
 * for words about a patient is erased as soon as it is named; a test fails while one is missing.
 */
export const TEXT_COLUMNS: TextColumns = {
  patient: {
    tag: about(statements.ERASE_TRACES),
    pzc: about(statements.ERASE_TRACES),
    area: CODE,
    registered_by: ACTOR,
  },
  patient_identity: {
    key_id: CODE,
    nonce: about(statements.ERASE_IDENTITIES),
    sealed: about(statements.ERASE_IDENTITIES),
  },
  transfer: { from_area: CODE, to_area: CODE, created_by: ACTOR },
  transfer_step: { reason: about(statements.ERASE_STEP_REASONS), by: ACTOR, act: CODE },
  transfer_approval: { reason: about(statements.ERASE_APPROVAL_REASONS), by: ACTOR, area: CODE },
  allocation: {
    override_reason: about(statements.ERASE_OVERRIDES),
    facility_area: CODE,
    lost_reason: CODE,
    reasons: CODE,
  },
  allocation_plan: {
    settled_reason: about(statements.ERASE_PLAN_REASONS),
    area: CODE,
    digest: CODE,
    parameters: CODE,
    proposed_by: ACTOR,
    settled_by: ACTOR,
    confirmed_by: ACTOR,
  },
  allocation_explanation: { rejected: CODE },
  allocation_left_over: { code: CODE, reason: CODE },
  allocation_load: { facility_area: CODE, method: CODE },
  audit_entry: {
    stated_purpose: about(statements.ERASE_AUDIT_WORDS),
    by: ACTOR,
    roles: CODE,
    areas: CODE,
    field: CODE,
    operation: CODE,
    criteria: CODE,
  },
  capacity_errand: { actor: ACTOR, outcome: CODE },
  facility_place: { area: CODE },
  idempotent_call: {
    caller: ACTOR,
    key_digest: CODE,
    input_digest: CODE,
    field: CODE,
    result: CODE,
  },
  incident: {
    name: NAME,
    area: CODE,
    lead_area: CODE,
    declared_by: ACTOR,
  },
  incident_entry: { text: { holds: 'WORDS', forget: statements.FORGET_TIMELINES }, by: ACTOR },
  incident_section: { name: NAME },
  outbox_event: { topic: CODE, entity: CODE, area: CODE, tags: CODE },
  triage_assessment: { findings: CODE, by: ACTOR },
  vehicle: { call_sign: NAME, area: CODE, lent_by: CODE },
  vehicle_report: { by: ACTOR },
};
