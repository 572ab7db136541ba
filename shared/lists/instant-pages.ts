import { isUuid } from '../validation/rules.js';
import { cursorCodec } from './cursors.js';
import { pageOf, type Page } from './page.js';

/** The end of the year 9999, in milliseconds since 1970. JavaScript and PostgreSQL both hold every instant up to it. */
const LATEST = 253_402_300_799_999;

/**
 * Returns whether a value is an instant by which a list may be ordered: milliseconds since 1970, up to the year 9999. Neither
 * JavaScript nor PostgreSQL has to handle any other number that stands in a cursor.
 */
export function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LATEST;
}

/**
 * The position of an entry in a list that is ordered by time, then by the number of the row (`seq`). A cursor names the id
 * instead of the number, which would reveal how many others there are.
 */
export interface InstantPosition {
  at: Date;
  id: string;
}

/** SQL: the number of the row of a table with this id, by which rows of one instant are ordered. */
export function seqOf(table: string, id: string): string {
  return `(SELECT seq FROM ${table} WHERE id = ${id}::uuid)`;
}

export const instantCursor = cursorCodec<InstantPosition>({
  textOf: ({ at, id }) => JSON.stringify([at.getTime(), id]),
  positionOf(text) {
    const [at, id] = JSON.parse(text) as unknown[];
    if (!isInstant(at) || !Number.isInteger(at) || typeof id !== 'string' || !isUuid(id)) {
      return undefined;
    }
    return { at: new Date(at), id };
  },
});

/** Makes a page of rows that are ordered by time, read with one more than its length. `start` is where the page before ends. */
export function pageByInstant(
  rows: readonly InstantPosition[],
  length: number,
  start: InstantPosition | undefined,
  totalCount: () => Promise<number>,
): Page<{ id: string }> {
  const content = {
    cursorOf: instantCursor.write,
    nodeOf: ({ id }: InstantPosition) => ({ id }),
    hasPreviousPage: start !== undefined,
  };
  return { ...pageOf(rows, length, content), totalCount };
}
