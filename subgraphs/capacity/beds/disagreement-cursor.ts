import { cursorCodec, isInstant } from '../../../shared/lists/index.js';

/** The position of a disagreement in the list: by the age of the facility's record, then by facility and category. */
export interface DisagreementPosition {
  /** Milliseconds since 1970. */
  value: number;
  /** Facility and category, with a space between. */
  id: string;
}

const ID = /^[0-9a-f-]{36} [A-Z_]+$/;

export const disagreementCursor = cursorCodec<DisagreementPosition>({
  textOf: ({ value, id }) => JSON.stringify([value, id]),
  positionOf(text) {
    const [value, id] = JSON.parse(text) as unknown[];
    return isInstant(value) && typeof id === 'string' && ID.test(id) ? { value, id } : undefined;
  },
});
