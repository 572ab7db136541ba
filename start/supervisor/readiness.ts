import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import { backoff } from '../host/waiting.js';

const LONGEST_WAIT_MS = 1_000;
/** A hub that is ready within this time prints no progress. */
const QUIET_MS = 5_000;

/** Resolves when the gateway reports that it and every subgraph are ready, however long that takes, or when `ending` is aborted. */
export async function untilReady(
  origin: string,
  progress: (line: string) => unknown,
  ending: AbortSignal,
): Promise<void> {
  const since = performance.now();
  let reported = '';
  for (const wait of backoff(LONGEST_WAIT_MS)) {
    const status = await statusOf(`${origin}/readyz`, ending);
    if (status === 'ready' || ending.aborted) return;
    if (status !== reported && performance.now() - since > QUIET_MS) {
      progress(`Waiting until the hub is ready: ${status}.`);
      reported = status;
    }
    await delay(wait, undefined, { signal: ending }).catch(() => undefined);
  }
}

async function statusOf(url: string, signal: AbortSignal): Promise<string> {
  try {
    const { body } = await request(url, { signal });
    return ((await body.json()) as { status: string }).status;
  } catch (error) {
    return (error as Error).message;
  }
}
