import type { Logger } from 'pino';
import { asWork } from '../database/index.js';
import { recordFault } from '../errors/index.js';

export interface Timer {
  /** Ends it, once what it is doing is done. */
  stop(): Promise<void>;
}

/** `every`, or its substitute in a test, which lets the time pass by itself. */
export type Every = typeof every;

/** Runs `act` at an interval, never twice at once; a failure is logged and the next run comes all the same. */
export function every(milliseconds: number, log: Logger, act: () => Promise<void>): Timer {
  let acting: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A run that takes longer than the interval is not followed by a queue of others.
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
