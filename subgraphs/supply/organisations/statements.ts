import { namesOf, omit, recordsOf, selectionOf } from '../../../shared/database/index.js';
import { organisationColumns } from '../generated/columns.js';

const COLUMNS = selectionOf(omit(organisationColumns, 'registeredBy', 'nameKey'), 'o');

export const ORGANISATIONS_BY_ID = `SELECT ${COLUMNS} FROM organisation o WHERE o.id = ANY ($1::uuid[])`;

const MATCHING = `starts_with(o.area, $1) AND ($2::text[] IS NULL OR o.kind::text = ANY ($2))`;

/** $1 area, $2 kinds; $3 and $4 name and id of the organisation before the page; $5 the length of the page. */
export const ORGANISATIONS_PAGE = `
  SELECT o.name, o.id FROM organisation o
  WHERE ${MATCHING} AND ($3::text IS NULL OR (o.name, o.id) > ($3, $4::uuid))
  ORDER BY o.name, o.id LIMIT $5`;

export const ORGANISATIONS_COUNTED = `SELECT count(*)::int AS count FROM organisation o WHERE ${MATCHING}`;

/** Returns no row where one of the same area and kind is registered, under a name that reads alike. */
export const STORE_ORGANISATION = `
  INSERT INTO organisation (kind, area, name, latitude, longitude, registered_at, registered_by, name_key)
  VALUES ($1::"OrganisationKind", $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (area, kind, name_key) DO NOTHING RETURNING id`;

export const STORE_MODELLED_ORGANISATIONS = {
  name: 'store-modelled-organisations',
  text: `
INSERT INTO organisation (${namesOf(organisationColumns)})
SELECT ${namesOf(organisationColumns)} FROM ${recordsOf(organisationColumns, 1)} AS given
ON CONFLICT DO NOTHING`,
};

export const ORGANISATION_NAMED = `
  SELECT o.id, o.name FROM organisation o WHERE o.area = $1 AND o.kind = $2::"OrganisationKind" AND o.name_key = $3`;
