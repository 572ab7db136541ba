import type { Logger } from 'pino';
import { asWork } from '../database/index.js';
import { recordFault } from '../errors/index.js';

export interface Timer {
  /** Ends it, once what it is doing is done. */
  stop(): Promise<void>;
}

/** `every`, or what takes its place in a test, which lets the time pass by itself. */
export type Every = typeof every;

/** Does a thing again and again, never twice at once; a failure is logged and the next turn comes all the same. */
export function every(milliseconds: number, log: Logger, act: () => Promise<void>): Timer {
  let acting: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A turn that takes longer than its time is not followed by a queue of others.
    acting ??= asWork({ kind: 'timer' }, act)
      .catch((err: unknown) => void recordFault(log, 'a timed task failed', { err }, 'warn'))
      .finally(() => (acting = undefined));
  }, milliseconds);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await acting;
    },
  };
}
