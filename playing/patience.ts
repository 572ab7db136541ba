import { setTimeout as delay } from 'node:timers/promises';
import { Away } from './graphql-endpoint.js';

/** Waits before another attempt: together half a minute, longer than the hub takes to bring a dead service back. */
const RETRY_AFTER_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000];

/** Tries again what the hub did not take, and waits as long as it says. Only for calls that may be sent twice: their first answer may be what got lost. */
export async function patiently<Result>(
  stop: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (const wait of RETRY_AFTER_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      await delay(Math.max(wait, error.afterMs), undefined, { signal: stop });
    }
  }
  return attempt();
}
