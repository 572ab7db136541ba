import { setTimeout as delay } from 'node:timers/promises';

const SMALLEST_SLICE = 50;
const MAX_SLICES = 20;

/**
 * Applies an action to all items, spread over this time. Clients that are disconnected together reconnect together, and would
 * all reach the next gateway at the same moment.
 */
export async function inSlices<T>(
  items: readonly T[],
  withinMs: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const slices = Math.min(MAX_SLICES, Math.ceil(items.length / SMALLEST_SLICE));
  const size = Math.ceil(items.length / slices);
  const acts: Promise<unknown>[] = [];
  for (let from = 0; from < items.length; from += size) {
    if (from > 0) await delay(withinMs / slices);
    acts.push(...items.slice(from, from + size).map(act));
  }
  await Promise.all(acts);
}
