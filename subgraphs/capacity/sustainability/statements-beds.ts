import { selectionOf, pick } from '../../../shared/database/index.js';
import { sustainableBedsColumns } from '../generated/columns.js';

/** A declaration that counts, as it is shown. */
export const SHOWN = pick(
  sustainableBedsColumns,
  ...(['facilityId', 'category', 'cause', 'modelled', 'source', 'observedAt'] as const),
  ...(['method', 'beds', 'fromAt', 'until'] as const),
);

/** That nobody overrides the limit `d` at an instant. */
const isInForce = (instant: string) => `NOT EXISTS (
  SELECT FROM sustainability_override o
  WHERE o.facility_id = d.facility_id AND o.cause = d.cause AND o.replaced_at IS NULL AND o.until > ${instant})`;

/**
 * Every limit of facilities ($1) that counts at $2 and that nobody overrides. `isNear` is whether it is in effect or so near that
 * nobody is sent there, which everyone may know.
 */
export const LIMITS_OF = `
SELECT ${selectionOf(SHOWN, 'd')}, f.area, NOT d.modelled AND is_left_out(d.left_out, d.from_at, $2) AS "isNear"
FROM sustainable_beds d JOIN facility f ON f.id = d.facility_id
WHERE d.facility_id = ANY($1::uuid[]) AND d.beds IS NOT NULL AND ${isInForce('$2')}`;
