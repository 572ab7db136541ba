import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { databaseFaultOf } from '../errors/index.js';
import { closeSession, endOf } from './session.js';

const FIRST_PAUSE_MS = 250;
/** A database that is back is found within this time. */
const LONGEST_PAUSE_MS = 2_000;
/** A session that lived this long was sound: the next pause is the first one again. */
const SOUND_AFTER_MS = 5_000;

/**
 * Returns how long to wait before the attempt after n failures: doubled each time up to a cap, and between half and all of it
 * by chance, so that services which lost their database together do not come back together.
 */
export function pauseAfterFailures(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
  return whole * (0.5 + chance / 2);
}

async function pause(failures: number, signal?: AbortSignal): Promise<void> {
  const milliseconds = pauseAfterFailures(failures, Math.random());
  await delay(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined);
}

/** Does something that needs the database, again and again while the database is unavailable. Throws every other error. */
export async function whenAvailable<Result>(
  act: () => Promise<Result>,
  failed: (error: unknown) => void,
): Promise<Result> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await act();
    } catch (error) {
      if (databaseFaultOf(error) !== 'unavailable') throw error;
      failed(error);
      await pause(failures);
    }
  }
}

export interface Reconnection {
  /** Opens the next session, by `openSession`. Another attempt follows anything that it throws. */
  open(signal: AbortSignal): Promise<pg.Client>;
  /** The session has ended by itself. */
  lost?(): void;
  /** An attempt to open one has failed. */
  failed?(error: unknown): void;
}

/**
 * Holds one session with a database for as long as it is wanted: one loop opens it, waits for its end, pauses, and opens the
 * next. There is never a second attempt under way, and so never a second session.
 */
export class HeldSession {
  readonly #reconnection: Reconnection;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #session: pg.Client | undefined;

  /** Starts with a session that is open already, or opens the first one. */
  constructor(reconnection: Reconnection, session?: pg.Client) {
    this.#reconnection = reconnection;
    this.#session = session;
    this.#loop = this.#hold();
  }

  /** Opens no further session; returns the one that is open, which the caller then closes. */
  async stop(): Promise<pg.Client | undefined> {
    this.#stopping.abort();
    await this.#loop;
    return this.#session;
  }

  async #hold(): Promise<void> {
    const { signal } = this.#stopping;
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (let failures = 0; !signal.aborted;) {
      if (this.#session) {
        const since = performance.now();
        await Promise.race([endOf(this.#session), stopped]);
        if (signal.aborted) return;
        await closeSession(this.#session);
        this.#session = undefined;
        if (performance.now() - since >= SOUND_AFTER_MS) failures = 0;
        this.#reconnection.lost?.();
        await pause(failures, signal);
      }
      try {
        signal.throwIfAborted();
        this.#session = await this.#reconnection.open(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#reconnection.failed?.(error);
        await pause(failures, signal);
      }
      failures += 1;
    }
  }
}
