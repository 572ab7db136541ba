import {
  CODE,
  SHARED_TEXT_COLUMNS,
  type TextColumns,
} from '../../../shared/personal-data/index.js';
import { ALLOCATION_TEXT_COLUMNS } from '../allocation/index.js';
import { AUDIT_TEXT_COLUMNS } from '../audit/index.js';
import { REGISTRY_TEXT_COLUMNS } from '../registry/index.js';
import { TRANSFER_TEXT_COLUMNS } from '../transfers/index.js';

/**
 * Every column of the patients database that can hold a text. An erasure runs the statements of this list, so a column for texts
 * about a patient is erased as soon as it is listed; a test fails while one is missing.
 */
export const TEXT_COLUMNS: TextColumns = {
  ...SHARED_TEXT_COLUMNS,
  ...REGISTRY_TEXT_COLUMNS,
  ...TRANSFER_TEXT_COLUMNS,
  ...ALLOCATION_TEXT_COLUMNS,
  ...AUDIT_TEXT_COLUMNS,
  facility_place: { area: CODE, site_number: CODE },
};
