import { selectionOf, pick } from '../../../shared/database/index.js';
import { commitmentColumns } from '../generated/columns.js';

const SHOWN = selectionOf(
  pick(
    commitmentColumns,
    'id',
    'professionalId',
    'kind',
    'facilityId',
    'organisationId',
    'declaredAt',
  ),
  'c',
);

/** $1 records of professionals. Commitments that hold. */
export const COMMITMENTS = `
SELECT ${SHOWN} FROM commitment c WHERE c.professional_id = ANY ($1::uuid[]) AND c.ended_at IS NULL
ORDER BY c.professional_id, c.declared_at, c.kind, c.id`;

/** The commitment $1 that holds, unless it is an employment, which its employer registers and erases. */
export const DECLARED_COMMITMENT = `
SELECT ${SHOWN} FROM commitment c WHERE c.id = $1::uuid AND c.ended_at IS NULL AND c.staff_group IS NULL`;

/** $1 record, $2 kind, $3 organisation, $4 instant, $5 pseudonym. None where the same commitment holds. */
export const DECLARE_COMMITMENT = `
INSERT INTO commitment (professional_id, kind, organisation_id, valid_from, declared_at, declared_by)
SELECT $1::uuid, $2::"CommitmentKind", $3::uuid, $4::timestamptz, $4::timestamptz, $5::text
WHERE NOT EXISTS (
  SELECT FROM commitment c WHERE c.professional_id = $1 AND c.kind = $2::"CommitmentKind" AND c.organisation_id IS NOT DISTINCT FROM $3
    AND c.ended_at IS NULL)
RETURNING id`;

/** The commitment of record $1, of kind $2 and to organisation $3, that holds already. */
export const HELD_COMMITMENT = `
SELECT c.id FROM commitment c WHERE c.professional_id = $1::uuid AND c.kind = $2::"CommitmentKind"
  AND c.organisation_id IS NOT DISTINCT FROM $3::uuid AND c.ended_at IS NULL`;

/** $1 commitment, $2 instant. */
export const END_COMMITMENT =
  'UPDATE commitment SET ended_at = $2 WHERE id = $1::uuid AND ended_at IS NULL';
