import { ACTOR, CODE, type TextColumns } from '../../../shared/personal-data/index.js';

/** The columns of the audit that can hold text. It holds no words about a person: its entries name records by their ids. */
export const AUDIT_TEXT_COLUMNS: TextColumns = {
  audit_entry: { by: ACTOR, roles: CODE, field: CODE, areas: CODE },
};
