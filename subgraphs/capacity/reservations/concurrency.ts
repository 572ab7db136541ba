import type { Pool } from 'pg';

/**
 * The number of calls of one process that may be at work on reservations at once: half of its connections (shared/database/pool.ts).
 * A call that waits for the lock of a facility in a rush holds a connection meanwhile; were they all held so, nobody could report,
 * read, or reserve anywhere else until the rush is over.
 */
const AT_ONCE = 5;

interface Queue {
  working: number;
  /** Calls that wait, by caller. The first caller of the map is served next. */
  waiting: Map<string, (() => void)[]>;
}

const queues = new WeakMap<Pool, Queue>();

/**
 * Runs a function of a caller once fewer than AT_ONCE are at work. Callers are served round-robin, each in the order of their calls: a caller
 * who reserves thousands of slots in call after call delays only their own.
 */
export async function limited<T>(pool: Pool, caller: string, act: () => Promise<T>): Promise<T> {
  const here = queues.get(pool) ?? { working: 0, waiting: new Map<string, (() => void)[]>() };
  queues.set(pool, here);
  if (here.working < AT_ONCE) here.working++;
  else await new Promise<void>((acquire) => enqueue(here.waiting, caller, acquire));
  try {
    return await act();
  } finally {
    const next = nextOf(here.waiting);
    if (next) next();
    else here.working--;
  }
}

function enqueue(waiting: Queue['waiting'], caller: string, acquire: () => void): void {
  const calls = waiting.get(caller);
  if (calls) calls.push(acquire);
  else waiting.set(caller, [acquire]);
}

function nextOf(waiting: Queue['waiting']): (() => void) | undefined {
  const [first] = waiting;
  if (!first) return undefined;
  const [caller, calls] = first;
  const next = calls.shift();
  waiting.delete(caller);
  // The caller goes to the end of the queue.
  if (calls.length > 0) waiting.set(caller, calls);
  return next;
}
