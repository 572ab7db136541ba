import { omit, selectionOf } from '../../../shared/database/index.js';
import { manufacturingColumns } from '../generated/columns.js';

const COLUMNS = selectionOf(omit(manufacturingColumns, 'declaredBy'), 'm');

export const MANUFACTURING_BY_ID = `SELECT ${COLUMNS} FROM manufacturing m WHERE m.id = ANY ($1::uuid[])`;

/** Of each organisation of $1 what it makes, at most $2 items. */
export const MANUFACTURING_OF = `
  SELECT ${COLUMNS} FROM unnest($1::uuid[]) AS o (id) CROSS JOIN LATERAL (
    SELECT * FROM manufacturing m WHERE m.organisation_id = o.id AND m.per_day > 0 ORDER BY m.item_id LIMIT $2
  ) m`;

/** Kilometres from a position to an organisation on the great circle (haversine formula, mean radius of the earth). */
const kilometresFrom = (latitude: string, longitude: string) => `2 * 6371 * asin(sqrt(least(1,
    sin(radians(o.latitude - ${latitude}) / 2) ^ 2
    + cos(radians(${latitude})) * cos(radians(o.latitude)) * sin(radians(o.longitude - ${longitude}) / 2) ^ 2)))`;

/** The position of a facility. */
export const POSITION_OF = 'SELECT f.latitude, f.longitude FROM facility f WHERE f.id = $1';

/** The makers of item $1 within $4 kilometres of $2 and $3, in one of the ways $5, the nearest first, at most $6. */
export const MAKERS_NEAR = `
  SELECT ${COLUMNS}, near.kilometres FROM manufacturing m JOIN organisation o ON o.id = m.organisation_id
  CROSS JOIN LATERAL (SELECT ${kilometresFrom('$2::float8', '$3::float8')} AS kilometres) near
  WHERE m.item_id = $1 AND m.per_day > 0 AND near.kilometres <= $4::float8 AND ($5::text[] IS NULL OR m.method::text = ANY ($5))
  ORDER BY near.kilometres, m.per_day DESC, m.id LIMIT $6`;

/** The makers of item $1, within $5 kilometres of $3 and $4 unless that is null: those in the area $2 first, then those in its Land, the largest first. */
export const MAKERS_OF = `
  SELECT ${COLUMNS} FROM manufacturing m JOIN organisation o ON o.id = m.organisation_id
  WHERE m.item_id = $1 AND m.per_day > 0
    AND ($5::float8 IS NULL OR ${kilometresFrom('$3::float8', '$4::float8')} <= $5)
  ORDER BY starts_with(o.area, $2) DESC, starts_with(o.area, left($2, 2)) DESC, m.per_day DESC, m.id`;

/** The makers of each item of $1, the largest first. */
export const MAKERS_OF_ITEMS = `
  SELECT ${COLUMNS}, o.area FROM manufacturing m JOIN organisation o ON o.id = m.organisation_id
  WHERE m.item_id = ANY ($1::uuid[]) AND m.per_day > 0 ORDER BY m.per_day DESC, m.id`;

export const STORE_MANUFACTURING = `
  INSERT INTO manufacturing (organisation_id, item_id, method, per_day, material_days, surge_per_day, ramp_up_days,
    declared_at, declared_by)
  VALUES ($1, $2, $3::"ManufacturingMethod", $4, $5, $6, $7, $8, $9)
  ON CONFLICT (organisation_id, item_id) DO UPDATE SET method = excluded.method, per_day = excluded.per_day,
    material_days = excluded.material_days, surge_per_day = excluded.surge_per_day, ramp_up_days = excluded.ramp_up_days,
    declared_at = excluded.declared_at, declared_by = excluded.declared_by
  RETURNING id`;

/**
 * The stock of item $1 in area $2 that can be used, and the quantity used each day, each with the part that is modelled, over the stocks that a caller sees: $3 holders, $4 areas whose
 * facilities, $5 areas whose organisations they see.
 */
export const STOCK_IN_AREA = `
  SELECT coalesce(sum(s.quantity - s.unusable_quantity), 0)::float8 AS stock, coalesce(sum(s.average_consumption), 0)::float8 AS "demandPerDay",
    coalesce(sum(s.quantity - s.unusable_quantity) FILTER (WHERE s.modelled), 0)::float8 AS "modelledStock",
    coalesce(sum(s.average_consumption) FILTER (WHERE s.consumption_modelled), 0)::float8 AS "modelledDemandPerDay"
  FROM stock s
  LEFT JOIN facility f ON s.holder_kind = 'FACILITY' AND f.id = s.holder_id
  LEFT JOIN organisation o ON s.holder_kind = 'ORGANISATION' AND o.id = s.holder_id
  WHERE s.item_id = $1 AND starts_with(coalesce(f.area, o.area), $2)
    AND (s.holder_id = ANY ($3::uuid[])
      OR EXISTS (SELECT FROM unnest($4::text[]) AS a (area) WHERE starts_with(f.area, a.area))
      OR EXISTS (SELECT FROM unnest($5::text[]) AS a (area) WHERE starts_with(o.area, a.area)))`;
