import { setTimeout as delay } from 'node:timers/promises';

/** Node fires a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Returns a function that waits until the next step (a day, a patient) is due. Times count from the start, so that slow steps
 * do not add up. It returns false when the command has to stop. Without a speed every step is due at once.
 */
export function pacer(
  stepsPerSecond: number | undefined,
  stop: AbortSignal,
): () => Promise<boolean> {
  const gap = stepsPerSecond === undefined ? 0 : 1000 / stepsPerSecond;
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
