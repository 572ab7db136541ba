import type { ClientBase, Pool } from 'pg';
import {
  about,
  ACTOR,
  AT_ONCE,
  CODE,
  eraseWords,
  repeat,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import {
  ERASE_OVERRIDES,
  ERASE_PLAN_REASONS,
  FORGET_PLAN_REASONS,
  REDACT_PLANS,
} from './plans/statements.js';

/** The columns of plans that can hold a text. */
export const ALLOCATION_TEXT_COLUMNS: TextColumns = {
  allocation: {
    override_reason: about(ERASE_OVERRIDES),
    facility_area: CODE,
    lost_reason: CODE,
    reasons: CODE,
  },
  allocation_plan: {
    settled_reason: about(ERASE_PLAN_REASONS),
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
};

/** Removes the reasons that were given for what plans do with patients. */
export function eraseAllocationsOf(db: ClientBase, patients: readonly string[]): Promise<void> {
  return eraseWords(db, ALLOCATION_TEXT_COLUMNS, patients);
}

/** Redacts words that name a person in the reasons for which plans of an incident were discarded. */
export async function redactPlans(
  db: ClientBase,
  incident: string,
  words: readonly string[],
): Promise<void> {
  await db.query(REDACT_PLANS, [incident, words]);
}

/** Removes the reasons for which plans were discarded before an instant. */
export function forgetPlanReasons(db: Pool, before: Date): Promise<void> {
  return repeat(async () => (await db.query(FORGET_PLAN_REASONS, [before, AT_ONCE])).rowCount ?? 0);
}
