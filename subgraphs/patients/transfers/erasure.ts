import type { ClientBase } from 'pg';
import {
  about,
  ACTOR,
  CODE,
  eraseWords,
  NAME,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import { ERASE_APPROVAL_REASONS, ERASE_STEP_REASONS } from './lifecycle/index.js';

/** The columns of transfers and their vehicles that can hold a text. */
export const TRANSFER_TEXT_COLUMNS: TextColumns = {
  transfer: { from_area: CODE, to_area: CODE, created_by: ACTOR },
  transfer_step: { reason: about(ERASE_STEP_REASONS), by: ACTOR, act: CODE },
  transfer_approval: { reason: about(ERASE_APPROVAL_REASONS), by: ACTOR, area: CODE },
  job: { kind: CODE, input: CODE, actor: ACTOR, outcome: CODE },
  vehicle: { call_sign: NAME, area: CODE, lent_by: CODE },
  vehicle_report: { by: ACTOR },
};

/** Removes the reasons that were given for the steps and approvals of the transfers of patients. */
export function eraseTransfersOf(db: ClientBase, patients: readonly string[]): Promise<void> {
  return eraseWords(db, TRANSFER_TEXT_COLUMNS, patients);
}
