import { callersFault } from '../errors/index.js';

const DEFAULT_LENGTH = 50;
const MAX_LENGTH = 500;

/** Returns the length of a page that a client requests, 50 unless it says. Throws TOO_MUCH or BAD_USER_INPUT. */
export function pageLength(first: number | null | undefined): number {
  const length = first ?? DEFAULT_LENGTH;
  if (length >= 1 && length <= MAX_LENGTH) return length;
  throw callersFault(
    length < 1 ? 'BAD_USER_INPUT' : 'TOO_MUCH',
    `first is the length of the page, 1 to ${MAX_LENGTH}; received ${length}.`,
  );
}
