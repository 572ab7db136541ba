// eslint-disable-next-line no-restricted-syntax -- the pause between two looks; what is waited for is a thing
import { setTimeout as pause } from 'node:timers/promises';
import { slowness } from './speed/slowness.js';

const LOOK_AGAIN_AFTER_MS = 25;
/** After this a test has failed. Below the limit of a test, so that the failed condition is named. */
const GIVE_UP_MS = 200_000;

/** Looks again and again until it is so. Throws if it is not so in time. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  lookAgainAfterMs = LOOK_AGAIN_AFTER_MS,
): Promise<void> {
  const giveUpAt = Date.now() + GIVE_UP_MS * Math.min(slowness(), 2);
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`never became true: ${String(isSo)}`);
    await pause(lookAgainAfterMs);
  }
}
