import { isUuid } from '../validation/rules.js';
import { cursorCodec } from './cursors.js';
import { pageOf, type Page } from './page.js';

/** The position of an entry in a list that is ordered by name, then by id. */
export interface NamePosition {
  name: string;
  id: string;
}

export const nameCursor = cursorCodec<NamePosition>({
  textOf: ({ name, id }) => JSON.stringify([name, id]),
  positionOf(text) {
    const [name, id] = JSON.parse(text) as unknown[];
    if (typeof name !== 'string' || name.includes('\0') || typeof id !== 'string' || !isUuid(id)) {
      return undefined;
    }
    return { name, id };
  },
});

/** Makes a page of rows that are ordered by name, read with one more than its length. `start` is where the page before ends. */
export function pageByName(
  rows: readonly NamePosition[],
  length: number,
  start: NamePosition | undefined,
  totalCount: () => Promise<number>,
): Page<{ id: string }> {
  const content = {
    cursorOf: nameCursor.write,
    nodeOf: ({ id }: NamePosition) => ({ id }),
    hasPreviousPage: start !== undefined,
  };
  return { ...pageOf(rows, length, content), totalCount };
}
