import type { ClientBase, Pool } from 'pg';
import type { TextColumns } from './text-columns.js';

/** Rows that one statement changes, or one transaction. */
export const AT_ONCE = 100;
/** Statements of one kind in one run; the next run continues. */
const MOST_REPETITIONS = 10;

/** Runs `part` again until it changed less than a full batch; it returns how many rows it changed. */
export async function repeat(part: () => Promise<number>): Promise<void> {
  for (let n = 0; n < MOST_REPETITIONS; n += 1) if ((await part()) < AT_ONCE) return;
}

/** Removes free text whose retention ended before an instant. Safe in several replicas at once; one run is bounded. */
export async function deleteExpiredText(
  db: Pool,
  columns: TextColumns,
  before: Date,
): Promise<void> {
  const statements = Object.values(columns).flatMap((each) =>
    Object.values(each).flatMap((column) => (column.holds === 'WORDS' ? column.forget : [])),
  );
  for (const statement of new Set(statements)) {
    await repeat(async () => (await db.query(statement, [before, AT_ONCE])).rowCount ?? 0);
  }
}

/** Removes words about persons from the columns, in the transaction that `db` is in; each statement runs once. */
export async function eraseWords(
  db: ClientBase,
  columns: TextColumns,
  persons: readonly string[],
): Promise<void> {
  const statements = Object.values(columns).flatMap((each) =>
    Object.values(each).flatMap((column) => (column.holds === 'PERSON' ? column.erase : [])),
  );
  for (const statement of new Set(statements)) await db.query(statement, [persons]);
}
