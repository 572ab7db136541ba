import type { ClientBase } from 'pg';
import {
  eraseWords,
  about,
  ACTOR,
  CODE,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import { ERASE_OVERRIDES, ERASE_PLAN_REASONS } from './plans/index.js';

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

/** Removes the reasons that dispatchers gave for what plans do with patients. */
export function eraseAllocationsOf(db: ClientBase, patients: readonly string[]): Promise<void> {
  return eraseWords(db, ALLOCATION_TEXT_COLUMNS, patients);
}
