import { until as become } from '../../tests/until.js';

/** Within one process a thing becomes true within a few ticks. Looking at every tick would take the processor from it. */
const LOOK_AGAIN_AFTER_MS = 2;

/** Waits for a thing to become true. Throws if it does not in time. */
export function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  return become(isTrue, LOOK_AGAIN_AFTER_MS);
}
