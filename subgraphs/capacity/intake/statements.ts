import { namesOf, omit, recordsOf, selectionOf } from '../../../shared/database/index.js';
import { intakeDeclarationColumns, intakeNumberColumns } from '../generated/columns.js';
import { OCCUPIED_HOURS } from './rules.js';

/** Columns of a declaration that hold for all its numbers. */
const DECLARATION = omit(intakeDeclarationColumns, 'id', 'validFrom', 'declaredBy');
const NUMBER = omit(intakeNumberColumns, 'position');

/** A number as a declaration gives it. */
export const ACCEPTED_NUMBER = omit(NUMBER, 'declarationId');

/** The parameters of all of these: $1 are facilities, $2 is the instant. */

export const FACILITIES = `
SELECT f.id, c.trauma_level::text AS "traumaLevel", a.activated_at AS "activatedAt"
FROM facility f
LEFT JOIN capability_declaration c ON c.id = f.declared_id
LEFT JOIN LATERAL (
  SELECT min(activated_at) AS activated_at FROM alarm_plan
  WHERE facility_id = f.id AND until > $2 AND ended_at IS NULL
) a ON true
WHERE f.id = ANY($1::uuid[])`;

/**
 * Of each facility and category only the newest valid declaration of each tier, the two among which the rule chooses. One
 * that holds from its declaration on holds for every reader, also for a call that began earlier and waited for the lock.
 */
export const NUMBERS_IN_FORCE = `
WITH newest AS (
  SELECT DISTINCT ON (d.facility_id, n.category, d.method = 'MODELLED') d.*, n.category
  FROM intake_declaration d JOIN intake_number n ON n.declaration_id = d.id
  WHERE d.facility_id = ANY($1::uuid[]) AND (d.valid_from <= $2 OR d.valid_from <= d.declared_at)
    AND d.valid_until > $2
  ORDER BY d.facility_id, n.category, d.method = 'MODELLED', d.declared_at DESC, d.id DESC
)
SELECT ${selectionOf(DECLARATION, 'd')}, ${selectionOf(NUMBER, 'n')}
FROM newest d JOIN intake_number n ON n.declaration_id = d.id AND n.category = d.category
ORDER BY d.facility_id, n.category, n.position`;

/** Open ones, and redeemed ones as long as they can occupy a slot. */
export const OCCUPIED_SLOTS = `
SELECT facility_id AS facility, intake::text AS category, redeemed_at AS "redeemedAt", sum(count)::int AS count
FROM reservation_item
WHERE facility_id = ANY($1::uuid[]) AND NOT settled AND intake IS NOT NULL AND released_at IS NULL AND count > 0
  AND CASE WHEN redeemed_at IS NULL THEN expires_at > $2
      ELSE redeemed_at > $2::timestamptz - interval '${OCCUPIED_HOURS} hours' END
GROUP BY facility_id, intake, redeemed_at`;

/**
 * $1..$8 are the columns of the declaration; the parameters from $9 on are `recordValues` of its numbers. Under the lock of the facility, so it is later than every one
 * before it, whatever the clocks say: who comes last has said the last word.
 */
export const STORE_INTAKE = `
WITH declared AS (
  INSERT INTO intake_declaration (facility_id, source, method, assumption, valid_from, valid_until, declared_at,
                                  declared_by)
  SELECT $1, $2, $3::"Method", $4, $5, $6, GREATEST($7::timestamptz, max(declared_at) + interval '1 ms'), $8
  FROM intake_declaration WHERE facility_id = $1
  RETURNING id
)
INSERT INTO intake_number (declaration_id, position, ${namesOf(ACCEPTED_NUMBER)})
SELECT d.id, n.ordinality - 1, ${namesOf(ACCEPTED_NUMBER, 'n')} FROM declared d, ${recordsOf(ACCEPTED_NUMBER, 9)} AS n`;
