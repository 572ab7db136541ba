import { about, type TextColumns } from '../../../shared/personal-data/index.js';

/** Removes what binds people. */
const ERASE_COMMITMENTS = 'DELETE FROM commitment WHERE professional_id = ANY ($1::uuid[])';

/** The columns of commitments that can hold any text. An erasure runs their statements. */
export const COMMITMENT_TEXT_COLUMNS: TextColumns = {
  commitment: { declared_by: about(ERASE_COMMITMENTS) },
};
