import { namesOf, omit, recordsOf, selectionOf } from '../../../shared/database/index.js';
import { reserveColumns, reserveReleaseColumns } from '../generated/columns.js';

/** The packets that are there: whole ones, as the stock has them. */
const PACKETS = 'coalesce(r.modelled_packets, floor(b.quantity), 0)';
const COLUMNS = `${selectionOf(omit(reserveColumns, 'registeredAt', 'registeredBy'), 'r')}, o.area, ${PACKETS}::int AS packets`;
const FROM = `FROM reserve r JOIN organisation o ON o.id = r.organisation_id
  LEFT JOIN stock s ON s.holder_id = r.organisation_id AND s.item_id = r.item_id
  LEFT JOIN stock_batch b ON b.stock_id = s.id AND b.batch = r.id::text`;
const RELEASE = selectionOf(omit(reserveReleaseColumns, 'seq'), 'l');

export const RESERVES_BY_ID = `SELECT ${COLUMNS} ${FROM} WHERE r.id = ANY ($1::uuid[])`;

export const RESERVE_LOCKED = `SELECT ${COLUMNS} ${FROM} WHERE r.id = $1 FOR UPDATE OF r`;

export const RESERVE_NAMED = `SELECT ${COLUMNS} ${FROM} WHERE r.organisation_id = $1 AND r.name = $2`;

/** Registered, or modelled until as many packets of its kind are registered in its Land: one site that is known hides no others. */
const IS_SHOWN = `(r.modelled_packets IS NULL OR r.modelled_packets > (
      SELECT coalesce(sum(known.target), 0) FROM reserve known JOIN organisation keeper ON keeper.id = known.organisation_id
      WHERE known.modelled_packets IS NULL AND known.kind = r.kind AND left(keeper.area, 2) = left(o.area, 2)))`;

/** $1 organisations and $2 areas whose reserves the caller sees; $3 area, $4 kinds, $5 readiness. */
const MATCHING = `(r.organisation_id = ANY ($1::uuid[])
      OR EXISTS (SELECT FROM unnest($2::text[]) AS a (area) WHERE starts_with(o.area, a.area)))
    AND ${IS_SHOWN} AND starts_with(o.area, $3) AND ($4::text[] IS NULL OR r.kind::text = ANY ($4))
    AND ($5::text IS NULL OR ($5 = 'READY') = (${PACKETS} >= r.target))`;

/** $6 and $7 name and id of the reserve before the page; $8 the length of the page. */
export const RESERVES_PAGE = `
  SELECT r.name, r.id ${FROM}
  WHERE ${MATCHING} AND ($6::text IS NULL OR (r.name, r.id) > ($6, $7::uuid))
  ORDER BY r.name, r.id LIMIT $8`;

export const RESERVES_COUNTED = `SELECT count(*)::int AS count ${FROM} WHERE ${MATCHING}`;

/** Returns no row where the organisation has one of the same name that is not modelled. */
export const STORE_RESERVE = `
  INSERT INTO reserve AS r (organisation_id, kind, name, release_area, release_rule, readiness_hours, target,
    severe_patients, light_patients, days, item_id, registered_at, registered_by)
  VALUES ($1, $2::"ReserveKind", $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (organisation_id, name) DO UPDATE SET kind = excluded.kind, release_area = excluded.release_area,
    release_rule = excluded.release_rule, readiness_hours = excluded.readiness_hours, target = excluded.target,
    severe_patients = excluded.severe_patients, light_patients = excluded.light_patients, days = excluded.days,
    item_id = excluded.item_id, modelled_packets = NULL, registered_at = excluded.registered_at, registered_by = excluded.registered_by
  WHERE r.modelled_packets IS NOT NULL
  RETURNING id`;

export const STORE_MODELLED_RESERVES = {
  name: 'store-modelled-reserves',
  text: `
INSERT INTO reserve (${namesOf(reserveColumns)})
SELECT ${namesOf(reserveColumns)} FROM ${recordsOf(reserveColumns, 1)} AS given
ON CONFLICT DO NOTHING`,
};

export const STORE_RELEASE = `
  INSERT INTO reserve_release (reserve_id, packets, for_area, reason, shipment_id, released_at, released_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`;

export const RELEASES_BY_ID = `SELECT ${RELEASE} FROM reserve_release l WHERE l.id = ANY ($1::uuid[])`;

/** Of each reserve of $1 the newest $2 releases. */
export const RELEASES_OF = `
  SELECT ${RELEASE} FROM unnest($1::uuid[]) AS k (id) CROSS JOIN LATERAL (
    SELECT * FROM reserve_release l WHERE l.reserve_id = k.id ORDER BY l.seq DESC LIMIT $2
  ) l ORDER BY l.reserve_id, l.seq DESC`;
