import {
  namesOf,
  omit,
  overwritesOf,
  recordsOf,
  selectionOf,
} from '../../../../shared/database/index.js';
import { shortageNoticeColumns, shortagePackColumns } from '../../generated/columns.js';

const TEXTS = selectionOf(
  omit(shortageNoticeColumns, 'startsOn', 'endsOn', 'reportedOn', 'firstReportedOn', 'digest'),
  'n',
);
const day = (column: string) => `to_char(n.${column}, 'YYYY-MM-DD')`;

/** The calendar day in Germany of an instant. */
const today = (parameter: string) =>
  `(${parameter}::timestamptz AT TIME ZONE 'Europe/Berlin')::date`;

const statusAt = (parameter: string) => `CASE
    WHEN n.ends_on < ${today(parameter)} THEN 'ENDED' WHEN n.starts_on > ${today(parameter)} THEN 'UPCOMING'
    ELSE 'ONGOING' END`;

/** $1 ids, $2 the instant by which the status is judged. */
export const NOTICES_BY_ID = `
  SELECT ${TEXTS}, ${day('starts_on')} AS "startsOn", ${day('ends_on')} AS "endsOn", ${day('reported_on')} AS "reportedOn",
    ${day('first_reported_on')} AS "firstReportedOn", ${statusAt('$2')} AS status
  FROM shortage_notice n WHERE n.id = ANY ($1::uuid[])`;

export const PACKS_OF = `
  SELECT ${selectionOf(shortagePackColumns, 'p')}, i.id AS "itemId"
  FROM shortage_pack p LEFT JOIN item i ON i.pzn = p.pzn
  WHERE p.notice_id = ANY ($1::uuid[]) ORDER BY p.notice_id, p.position`;

/** Of each item of $1 the first $3 notices that have not ended at $2, those in force first. */
export const NOTICES_OF_ITEMS = `
  SELECT i.id AS item, n.id FROM item i CROSS JOIN LATERAL (
    SELECT n.id, n.starts_on > ${today('$2')} AS upcoming, n.name FROM shortage_notice n
    WHERE EXISTS (SELECT FROM shortage_pack p WHERE p.notice_id = n.id AND p.pzn = i.pzn)
      AND (n.ends_on IS NULL OR n.ends_on >= ${today('$2')})
    ORDER BY upcoming NULLS FIRST, n.name, n.id LIMIT $3
  ) n WHERE i.id = ANY ($1::uuid[]) ORDER BY i.id, n.upcoming NULLS FIRST, n.name, n.id`;

const MATCHING = `($1::text IS NULL OR EXISTS (SELECT FROM shortage_pack p WHERE p.notice_id = n.id AND p.pzn = $1))
    AND ($2::text[] IS NULL OR ${statusAt('$5')} = ANY ($2))
    AND ($3::boolean IS NULL OR n.hospital_relevant = $3)
    AND ($4::text IS NULL OR strpos(lower(n.name), lower($4)) > 0 OR strpos(lower(n.substances), lower($4)) > 0)`;

/** $1 PZN, $2 statuses, $3 hospital relevance, $4 text, $5 now; $6 and $7 name and id before the page; $8 its length. */
export const NOTICES_PAGE = `
  SELECT n.name, n.id FROM shortage_notice n
  WHERE ${MATCHING} AND ($6::text IS NULL OR (n.name, n.id) > ($6, $7::uuid))
  ORDER BY n.name, n.id LIMIT $8`;

export const NOTICES_COUNTED = `SELECT count(*)::int AS count FROM shortage_notice n WHERE ${MATCHING}`;

/** Returns the ids of the notices that are new or changed. */
export const STORE_NOTICES = `
  INSERT INTO shortage_notice AS n (${namesOf(shortageNoticeColumns)})
  SELECT ${namesOf(shortageNoticeColumns)} FROM ${recordsOf(shortageNoticeColumns, 1)} AS given
  ON CONFLICT (id) DO UPDATE SET ${overwritesOf(omit(shortageNoticeColumns, 'id'))}
  WHERE n.digest <> excluded.digest RETURNING n.id`;

export const STORE_PACKS = `
  INSERT INTO shortage_pack (${namesOf(shortagePackColumns)})
  SELECT ${namesOf(shortagePackColumns)} FROM ${recordsOf(shortagePackColumns, 1)} AS given`;
