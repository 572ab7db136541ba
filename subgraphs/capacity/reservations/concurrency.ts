import type { Pool } from 'pg';

/**
 * How many calls of one process may be at work on reservations at once: half of its connections (shared/database/pool.ts).
 * A call that waits for the lock of a facility in a rush holds a connection meanwhile; were they all held so, nobody could report,
 * read, or reserve anywhere else until the rush is over.
 */
const AT_ONCE = 5;

interface Slots {
  working: number;
  waiting: (() => void)[];
}

const slots = new WeakMap<Pool, Slots>();

/** Runs a function once a slot is free, in the order of the calls. */
export async function withSlot<T>(pool: Pool, act: () => Promise<T>): Promise<T> {
  const here = slots.get(pool) ?? { working: 0, waiting: [] };
  slots.set(pool, here);
  if (here.working < AT_ONCE) here.working++;
  else await new Promise<void>((acquire) => here.waiting.push(acquire));
  try {
    return await act();
  } finally {
    const next = here.waiting.shift();
    if (next) next();
    else here.working--;
  }
}
