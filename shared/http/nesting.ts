import { callersFault } from '../errors/index.js';

/** Levels of objects and lists that JSON of a client may have. Work on deeper ones could exhaust the stack. */
const MOST_LEVELS = 64;

/** Throws BAD_USER_INPUT when the value has more levels of objects and lists than a request can need. */
export function refuseDeepNesting(value: unknown): void {
  if (!isDeeperThan(MOST_LEVELS, value)) return;
  const error = callersFault(
    'BAD_USER_INPUT',
    `JSON may be nested at most ${MOST_LEVELS} levels deep; this is deeper. Send flatter variables.`,
  );
  throw Object.assign(error, { statusCode: 400 });
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeperThan(levels - 1, inner)) return true;
  }
  return false;
}
