import { callersFault } from '../../../shared/errors/callers-fault.js';
import type { Page } from './page.js';

/** The number behind which a page of a numbered list begins; 0 for the first. Throws BAD_USER_INPUT. */
export function numberOf(cursor: string | null | undefined): number {
  if (cursor == null) return 0;
  const number = parse(cursor);
  if (number !== undefined) return number;
  throw callersFault(
    'BAD_USER_INPUT',
    'after is no cursor of this list. Give `endCursor` of the page before, or leave it out for the first page.',
  );
}

/** A page of a list whose entries are numbered from 1, read with one more than its length. */
export function numberedPageOf<Row extends { position: number }>(
  rows: readonly Row[],
  length: number,
  start: number,
  totalCount: () => Promise<number>,
): Page<Row> {
  return {
    edges: rows.slice(0, length).map((node) => ({ cursor: cursorOf(node.position), node })),
    hasNextPage: rows.length > length,
    hasPreviousPage: start > 0,
    totalCount,
  };
}

function cursorOf(position: number): string {
  return Buffer.from(`#${position}`).toString('base64url');
}

function parse(cursor: string): number | undefined {
  const [, digits] = /^#(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
