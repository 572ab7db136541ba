import { slowness } from '../../tests/speed/slowness.js';

/** After this a test has failed. Below the limit of a test, so that the failed condition is named. */
const GIVE_UP_MS = 200_000;

/** Waits for a thing to become true, looking again whenever the process has nothing else to do. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const since = Date.now();
  while (!(await isTrue())) {
    if (Date.now() - since > GIVE_UP_MS * slowness()) {
      throw new Error(`never became true: ${String(isTrue)}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
