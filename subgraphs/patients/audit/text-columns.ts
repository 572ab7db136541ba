import { about, ACTOR, CODE, type TextColumns } from '../../../shared/personal-data/index.js';
import { ERASE_AUDIT_WORDS } from './statements.js';

/** The columns of the audit that can hold text. */
export const AUDIT_TEXT_COLUMNS: TextColumns = {
  audit_entry: {
    stated_purpose: about(ERASE_AUDIT_WORDS),
    by: ACTOR,
    roles: CODE,
    areas: CODE,
    field: CODE,
    operation: CODE,
    criteria: CODE,
  },
};
