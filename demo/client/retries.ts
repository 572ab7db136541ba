import { setTimeout as delay } from 'node:timers/promises';
import { HubUnavailable } from './hub-client.js';

/** Milliseconds before each further attempt. After the last one the error of the last attempt is thrown. */
export type RetryDelays = () => Iterable<number>;

/** Half a minute in all, longer than the hub takes to restart a service that crashed. */
export const halfAMinute: RetryDelays = () => [250, 500, 1000, 2000, 4000, 8000, 16_000];

const LONGEST_DELAY_MS = 4_000;

/** Without end, for a hub that is started by the process that sends the request, and that may be slow. */
export function* withoutEnd(): Generator<number> {
  for (let ms = 250; ; ms = Math.min(ms * 2, LONGEST_DELAY_MS)) yield ms;
}

/**
 * Repeats an attempt while the hub is unavailable, after the delay or as long as the hub asks to wait. Only for requests that
 * may be sent twice: an attempt whose response was lost may have taken effect.
 */
export async function withRetries<Result>(
  stop: AbortSignal,
  attempt: () => Promise<Result>,
  delays: RetryDelays = halfAMinute,
): Promise<Result> {
  for (const ms of delays()) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HubUnavailable)) throw error;
      await delay(Math.max(ms, error.retryAfterMs), undefined, { signal: stop });
    }
  }
  return attempt();
}
