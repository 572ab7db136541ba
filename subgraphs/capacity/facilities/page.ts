import { cursorCodec, isInstant, type CursorCodec } from '../../../shared/lists/index.js';
import { isUuid } from '../../../shared/validation/rules.js';

/** More than half the circumference of the Earth. */
const FARTHEST_KM = 20_100;

/** The position of a facility in a list: by the age of its record or, on a map, by its distance; then by id. */
export interface ListPosition {
  /** Milliseconds since 1970, or kilometres. */
  value: number;
  id: string;
}

export type ListOrder = 'age' | 'distance';

/** The cursors of lists of facilities in each order. */
export const facilityCursors: Readonly<Record<ListOrder, CursorCodec<ListPosition>>> = {
  age: codecOf('age', isInstant),
  distance: codecOf('distance', isDistance),
};

function codecOf(
  order: ListOrder,
  isValue: (value: unknown) => value is number,
): CursorCodec<ListPosition> {
  return cursorCodec({
    textOf: ({ value, id }) => JSON.stringify([order, value, id]),
    positionOf(text) {
      const [stated, value, id] = JSON.parse(text) as unknown[];
      if (stated !== order || !isValue(value) || typeof id !== 'string') return undefined;
      return isUuid(id) ? { value, id } : undefined;
    },
  });
}

function isDistance(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= FARTHEST_KM;
}
