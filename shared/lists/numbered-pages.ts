import { cursorCodec } from './cursors.js';
import { pageOf, type Page } from './page.js';

/** Positions in a list whose entries are numbered from 1. */
export const numberCursor = cursorCodec<number>({
  textOf: (position) => `#${position}`,
  positionOf(text) {
    const [, digits] = /^#(\d{1,9})$/.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits);
  },
});

/** Makes a page of numbered rows, read with one more than its length. `start` is the number at which the page before ends, or 0. */
export function pageByNumber<Row extends { position: number }>(
  rows: readonly Row[],
  length: number,
  start: number,
  totalCount: () => Promise<number>,
): Page<Row> {
  const content = {
    cursorOf: ({ position }: Row) => numberCursor.write(position),
    nodeOf: (row: Row) => row,
    hasPreviousPage: start > 0,
  };
  return { ...pageOf(rows, length, content), totalCount };
}
