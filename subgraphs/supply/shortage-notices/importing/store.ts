import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { idOfKey, recordValues } from '../../../../shared/database/index.js';
import { shortageNoticeColumns, shortagePackColumns } from '../../generated/columns.js';
import { STORE_NOTICES, STORE_PACKS } from '../list/index.js';
import type { ListedNotice } from './rules.js';

/** Any number, the same in every process: advisory locks have no names. */
const IMPORT_LOCK = 7003;

/** Lets no other process import notices until the transaction ends. */
export async function lockNotices(db: PoolClient): Promise<void> {
  await db.query('SELECT pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
}

/** Returns how many notices are stored, and how many of them are not in the list. */
export async function countRemoved(
  db: PoolClient,
  notices: readonly ListedNotice[],
): Promise<{ stored: number; removed: number }> {
  const { rows } = await db.query<{ stored: number; removed: number }>(
    `SELECT count(*)::int AS stored, count(*) FILTER (WHERE case_number <> ALL ($1::text[]))::int AS removed
     FROM shortage_notice`,
    [notices.map(({ caseNumber }) => caseNumber)],
  );
  return rows[0]!;
}

/** Makes the stored notices those of the list. Returns how many were new or changed. */
export async function replaceNotices(
  db: PoolClient,
  notices: readonly ListedNotice[],
): Promise<number> {
  await db.query('DELETE FROM shortage_notice WHERE case_number <> ALL ($1::text[])', [
    notices.map(({ caseNumber }) => caseNumber),
  ]);
  const listed = notices.map((notice) => ({
    ...notice,
    id: idOfKey(`shortage notice ${notice.caseNumber}`),
    digest: createHash('sha256').update(JSON.stringify(notice)).digest('hex'),
  }));
  const { rows } = await db.query<{ id: string }>(
    STORE_NOTICES,
    recordValues<keyof typeof shortageNoticeColumns>(shortageNoticeColumns, listed),
  );
  const changed = new Set(rows.map(({ id }) => id));
  await db.query('DELETE FROM shortage_pack WHERE notice_id = ANY ($1::uuid[])', [[...changed]]);
  const packs = listed
    .filter(({ id }) => changed.has(id))
    .flatMap((notice) =>
      notice.packs.map((pack, n) => ({ ...pack, noticeId: notice.id, position: n + 1 })),
    );
  await db.query(STORE_PACKS, recordValues(shortagePackColumns, packs));
  return changed.size;
}
