// eslint-disable-next-line no-restricted-syntax -- the pause between two looks; what is waited for is a thing
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_AFTER_MS = 25;

/** Looks again and again until it is so. There is no deadline but the test's own, however busy the machine is. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(LOOK_AGAIN_AFTER_MS);
}
