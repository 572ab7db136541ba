import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  selectionOf,
} from '../../../../shared/database/index.js';
import { itemColumns } from '../../generated/columns.js';

const COLUMNS = selectionOf(itemColumns, 'i');

/** $1 ids, $2 Pharmazentralnummern. */
export const ITEMS_FOUND = `
  SELECT ${COLUMNS} FROM item i WHERE i.id = ANY ($1::uuid[]) OR i.pzn = ANY ($2::text[])`;

const MATCHING = `($1::text[] IS NULL OR i.kind::text = ANY ($1)) AND ($2::text IS NULL OR i.pzn = $2)
    AND ($3::text IS NULL OR strpos(lower(i.name), lower($3)) > 0 OR strpos(lower(i.substance), lower($3)) > 0)`;

/** $1 kinds, $2 PZN, $3 text; $4 and $5 name and id of the item before the page; $6 the length of the page. */
export const ITEMS_PAGE = `
  SELECT i.name, i.id FROM item i
  WHERE ${MATCHING} AND ($4::text IS NULL OR (i.name, i.id) > ($4, $5::uuid))
  ORDER BY i.name, i.id LIMIT $6`;

export const ITEMS_COUNTED = `SELECT count(*)::int AS count FROM item i WHERE ${MATCHING}`;

/** Stores items by their ids; one that is no longer listed stays, because stocks refer to it. Returns the changed rows. */
export const STORE_ITEMS = `
  INSERT INTO item AS i (${namesOf(itemColumns)})
  SELECT ${namesOf(itemColumns)} FROM ${recordsOf(itemColumns, 1)} AS given
  ON CONFLICT (id) DO UPDATE SET ${overwritesOf(omit(itemColumns, 'id'))}
  WHERE (i.*) IS DISTINCT FROM (excluded.*)`;
