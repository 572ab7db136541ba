import { callersFault } from '../../../shared/errors/callers-fault.js';
import { isInstant } from '../../../shared/lists/instants.js';

/** Where a disagreement stands in the list: by the age of the facility's record, then by facility and category. */
export interface DisagreementPosition {
  /** Milliseconds since 1970. */
  value: number;
  /** Facility and category, with a space between. */
  id: string;
}

const ID = /^[0-9a-f-]{36} [A-Z_]+$/;

export function cursorOf({ value, id }: DisagreementPosition): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

/** Throws BAD_USER_INPUT for what is no cursor of this list. */
export function positionOf(cursor: string): DisagreementPosition {
  const position = parse(cursor);
  if (position) return position;
  throw callersFault(
    'BAD_USER_INPUT',
    'after is no cursor of this list. Give `endCursor` of the page before, with the same area, or leave it out for the first page.',
  );
}

function parse(cursor: string): DisagreementPosition | undefined {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (!isInstant(value) || typeof id !== 'string' || !ID.test(id)) return undefined;
    return { value, id };
  } catch {
    return undefined;
  }
}
