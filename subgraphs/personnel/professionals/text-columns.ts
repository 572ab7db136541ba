import { about, ACTOR, CODE, type TextColumns } from '../../../shared/personal-data/index.js';

/** Removes who people are and the digests by which they are matched. */
const ERASE_IDENTITIES = `
UPDATE professional SET name_digest = NULL, registry_digest = NULL, key_id = NULL, nonce = NULL, sealed = NULL
WHERE id = ANY ($1::uuid[])`;

const ERASE_QUALIFICATIONS = 'DELETE FROM qualification WHERE professional_id = ANY ($1::uuid[])';

const ERASE_DUPLICATES =
  'DELETE FROM possible_duplicate WHERE a = ANY ($1::uuid[]) OR b = ANY ($1::uuid[])';

/** The columns about professionals that can hold any text or bytes. An erasure runs their statements. */
export const PROFESSIONAL_TEXT_COLUMNS: TextColumns = {
  professional: {
    home_area: CODE,
    name_digest: about(ERASE_IDENTITIES),
    registry_digest: about(ERASE_IDENTITIES),
    key_id: about(ERASE_IDENTITIES),
    nonce: about(ERASE_IDENTITIES),
    sealed: about(ERASE_IDENTITIES),
    registered_by: ACTOR,
  },
  qualification: {
    profession: about(ERASE_QUALIFICATIONS),
    specialty: about(ERASE_QUALIFICATIONS),
    verified_by: about(ERASE_QUALIFICATIONS),
  },
  possible_duplicate: { decided_by: about(ERASE_DUPLICATES) },
};
