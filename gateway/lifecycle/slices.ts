import { setTimeout as delay } from 'node:timers/promises';

const SMALLEST_SLICE = 50;
const MOST_SLICES = 20;

/**
 * Does something to all of them, spread over this time. Clients that are sent away together come back together, and the
 * gateway they come back to would meet all of them in one moment.
 */
export async function inSlices<T>(
  items: readonly T[],
  withinMs: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const slices = Math.min(MOST_SLICES, Math.ceil(items.length / SMALLEST_SLICE));
  const size = Math.ceil(items.length / slices);
  const acts: Promise<unknown>[] = [];
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await delay(withinMs / slices);
    acts.push(...items.slice(from, from + size).map(act));
  }
  await Promise.all(acts);
}
