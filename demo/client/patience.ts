import { setTimeout as delay } from 'node:timers/promises';
import { Away } from './graphql-endpoint.js';

/** Milliseconds to wait before each further attempt; when there is none left, what the last attempt throws is thrown. */
export type Waits = () => Iterable<number>;

/** Together half a minute, longer than the hub takes to bring a dead service back. */
export const halfAMinute: Waits = () => [250, 500, 1000, 2000, 4000, 8000, 16_000];

const LONGEST_WAIT_MS = 4_000;

/** Without end: for a hub that is started by whoever asks, and that may be slow. */
export function* asLongAsItTakes(): Generator<number> {
  for (let wait = 250; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) yield wait;
}

/** Tries again what the hub did not take, and waits as long as it says. Only for calls that may be sent twice: their first answer may be what got lost. */
export async function patiently<Result>(
  stop: AbortSignal,
  attempt: () => Promise<Result>,
  waits: Waits = halfAMinute,
): Promise<Result> {
  for (const wait of waits()) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      await delay(Math.max(wait, error.afterMs), undefined, { signal: stop });
    }
  }
  return attempt();
}
