import {
  CODE,
  SHARED_TEXT_COLUMNS,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import { AUDIT_TEXT_COLUMNS } from '../audit/index.js';
import { COMMITMENT_TEXT_COLUMNS } from '../commitments/index.js';
import { PROFESSIONAL_TEXT_COLUMNS } from '../professionals/index.js';

/** Every column of the personnel database that can hold any text or bytes. A test fails while one is missing. */
export const TEXT_COLUMNS: TextColumns = {
  ...SHARED_TEXT_COLUMNS,
  ...AUDIT_TEXT_COLUMNS,
  ...COMMITMENT_TEXT_COLUMNS,
  ...PROFESSIONAL_TEXT_COLUMNS,
  facility: { area: CODE, site_number: CODE, ik: CODE },
};
