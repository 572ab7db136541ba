import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cancellation } from '../cancellation/index.js';
import { heavyReadSlots, type OtherRequest } from './heavy-read-slots.js';

/**
 * Kinds of work of a database. Each has connections of its own, so that none waits behind another, and statements of each may
 * take so long and no longer:
 * - `read`: what a request reads;
 * - `heavyRead`: counts, and lists over more than a part of a Land;
 * - `change`: mutations;
 * - `timer`: what the clock brings about;
 * - `import`: reference data at the start.
 */
export type WorkKind = 'read' | 'heavyRead' | 'change' | 'timer' | 'import';

export interface Work {
  kind: WorkKind;
  /** Missing where the work runs to its end, even if nobody waits for it. */
  cancellation?: Cancellation | undefined;
  /** The request that it is part of. */
  request?: OtherRequest | undefined;
}

const READ: Work = { kind: 'read' };
const current = new AsyncLocalStorage<Work>();

/** The work that is being done here and now: a read that nobody cancels, unless said otherwise. */
export function currentWork(): Work {
  return current.getStore() ?? READ;
}

/** Does everything that follows from `act` as this work. */
export function asWork<T>(work: Work, act: () => T): T {
  return current.run(work, act);
}

/**
 * Runs a read of many rows in a slot (HeavyReadSlots) and with the connections for such reads. In a mutation, in what is selected of its
 * outcome, or in a timer it stays part of it. Rejects with TOO_MUCH when it gets no slot in time.
 */
export async function asHeavyRead<T>(act: () => T | Promise<T>): Promise<T> {
  const work = currentWork();
  if (work.kind !== 'read' || work.request?.isChange) return act();
  work.request?.heavyBegins();
  try {
    const end = await heavyReadSlots.acquire(work.cancellation);
    try {
      return await current.run({ ...work, kind: 'heavyRead' }, act);
    } finally {
      end();
    }
  } finally {
    work.request?.heavyEnds();
  }
}
