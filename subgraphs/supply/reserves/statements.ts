import { omit, selectionOf } from '../../../shared/database/index.js';
import { reserveColumns, reserveReleaseColumns } from '../generated/columns.js';

const COLUMNS = `${selectionOf(omit(reserveColumns, 'registeredAt', 'registeredBy'), 'r')}, o.area`;
const FROM = 'FROM reserve r JOIN organisation o ON o.id = r.organisation_id';
const RELEASE = selectionOf(omit(reserveReleaseColumns, 'releasedBy', 'seq'), 'l');

export const RESERVES_BY_ID = `SELECT ${COLUMNS} ${FROM} WHERE r.id = ANY ($1::uuid[])`;

export const RESERVE_LOCKED = `SELECT ${COLUMNS} ${FROM} WHERE r.id = $1 FOR UPDATE OF r`;

export const RESERVE_NAMED = `SELECT ${COLUMNS} ${FROM} WHERE r.organisation_id = $1 AND r.name = $2`;

/** $1 organisations and $2 areas whose reserves the caller sees; $3 area, $4 kinds, $5 readiness. */
const MATCHING = `(r.organisation_id = ANY ($1::uuid[])
      OR EXISTS (SELECT FROM unnest($2::text[]) AS a (area) WHERE starts_with(o.area, a.area)))
    AND starts_with(o.area, $3) AND ($4::text[] IS NULL OR r.kind::text = ANY ($4))
    AND ($5::text IS NULL OR ($5 = 'READY') = (r.packets >= r.target))`;

/** $6 and $7 name and id of the reserve before the page; $8 the length of the page. */
export const RESERVES_PAGE = `
  SELECT r.name, r.id ${FROM}
  WHERE ${MATCHING} AND ($6::text IS NULL OR (r.name, r.id) > ($6, $7::uuid))
  ORDER BY r.name, r.id LIMIT $8`;

export const RESERVES_COUNTED = `SELECT count(*)::int AS count ${FROM} WHERE ${MATCHING}`;

/** Returns no row where the organisation has one of the same name. */
export const STORE_RESERVE = `
  INSERT INTO reserve (organisation_id, kind, name, release_area, release_rule, readiness_hours, target, packets,
    severe_patients, light_patients, days, registered_at, registered_by)
  VALUES ($1, $2::"ReserveKind", $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (organisation_id, name) DO NOTHING RETURNING id`;

export const SET_PACKETS = 'UPDATE reserve SET packets = $2 WHERE id = $1';

export const STORE_RELEASE = `
  INSERT INTO reserve_release (reserve_id, packets, for_area, reason, released_at, released_by)
  VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`;

export const RELEASES_BY_ID = `SELECT ${RELEASE} FROM reserve_release l WHERE l.id = ANY ($1::uuid[])`;

/** Of each reserve of $1 the newest $2 releases. */
export const RELEASES_OF = `
  SELECT ${RELEASE} FROM unnest($1::uuid[]) AS k (id) CROSS JOIN LATERAL (
    SELECT * FROM reserve_release l WHERE l.reserve_id = k.id ORDER BY l.seq DESC LIMIT $2
  ) l ORDER BY l.reserve_id, l.seq DESC`;
