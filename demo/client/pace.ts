import { setTimeout as delay } from 'node:timers/promises';

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits until the next turn (a day, a patient) is due, counted from the start, so that slow turns do not add up; says false
 * when it is time to stop. Without a speed every turn is due at once.
 */
export function paceOf(
  turnsPerSecond: number | undefined,
  stop: AbortSignal,
): () => Promise<boolean> {
  const gap = turnsPerSecond === undefined ? 0 : 1000 / turnsPerSecond;
  let due = performance.now();
  return async () => {
    const wait = due - performance.now();
    due += gap;
    if (wait > 0) {
      await delay(Math.min(wait, LONGEST_TIMER_MS), undefined, { signal: stop }).catch(onlyAbort);
    }
    return !stop.aborted;
  };
}

function onlyAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}
