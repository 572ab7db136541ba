import {
  about,
  ACTOR,
  CODE,
  SHARED_TEXT_COLUMNS,
  type TextColumns,
} from '../../../shared/personal-data/index.js';

/** Removes who people are and the digests by which they are matched. They count no longer as a match of anybody. */
const ERASE_IDENTITIES = `
UPDATE professional SET name_digest = NULL, registry_digest = NULL, key_id = NULL, nonce = NULL, sealed = NULL
WHERE id = ANY ($1::uuid[])`;

/**
 * Every column of the personnel database that can hold any text or bytes. Nobody can be registered yet; an erasure of people runs
 * the statements of this list. A test fails while a column is missing.
 */
export const TEXT_COLUMNS: TextColumns = {
  ...SHARED_TEXT_COLUMNS,
  commitment: { declared_by: ACTOR },
  facility: { area: CODE, site_number: CODE, ik: CODE },
  professional: {
    home_area: CODE,
    name_digest: about(ERASE_IDENTITIES),
    registry_digest: about(ERASE_IDENTITIES),
    key_id: about(ERASE_IDENTITIES),
    nonce: about(ERASE_IDENTITIES),
    sealed: about(ERASE_IDENTITIES),
    registered_by: ACTOR,
  },
};
