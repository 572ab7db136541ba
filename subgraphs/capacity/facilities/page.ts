import { callersFault } from '../../../shared/errors/callers-fault.js';
import { isInstant } from '../../../shared/lists/instants.js';
import { isFacilityId } from './ids.js';

/** More than half the circumference of the Earth. */
const FARTHEST_KM = 20_100;

/** Where a facility stands in a list: by the age of its record or, on a map, by its distance; then by id. */
export interface ListPosition {
  order: 'age' | 'distance';
  /** Milliseconds since 1970, or kilometres. */
  value: number;
  id: string;
}

export function cursorOf({ order, value, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([order, value, id])).toString('base64url');
}

/** Throws BAD_USER_INPUT for what is no cursor of a list in this order. */
export function positionOf(cursor: string, order: ListPosition['order']): ListPosition {
  const position = parse(cursor);
  if (position?.order === order) return position;
  throw callersFault(
    'BAD_USER_INPUT',
    'after is no cursor of this list. Give `endCursor` of the page before, with the same filter, or leave it out for the first page.',
  );
}

function isDistance(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= FARTHEST_KM;
}

function parse(cursor: string): ListPosition | undefined {
  try {
    const [order, value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof id !== 'string' || !isFacilityId(id)) return undefined;
    if (order === 'age' && isInstant(value)) return { order, value, id };
    if (order === 'distance' && isDistance(value)) return { order, value, id };
    return undefined;
  } catch {
    return undefined;
  }
}
