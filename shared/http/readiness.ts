import { setTimeout as delay } from 'node:timers/promises';

/** How long a result is returned again, so that frequent probes cost nothing. */
const REMEMBERED_MS = 1_000;
/** A dependency that does not respond within this time is not ready. */
const WITHIN_MS = 2_000;

/**
 * Returns a function that says whether something answers. It looks at most once at a time and once in a second, however many
 * ask; a look that hangs is waited for until it ends before there is another.
 */
export function readinessOf(look: () => Promise<unknown>): () => Promise<boolean> {
  let looking: Promise<boolean> | undefined;
  return () => {
    if (!looking) {
      const looked = look().then(
        () => true,
        () => false,
      );
      const late = delay(WITHIN_MS, false, { ref: false });
      looking = Promise.race([looked, late]);
      void looked
        .then(() => delay(REMEMBERED_MS, undefined, { ref: false }))
        .then(() => (looking = undefined));
    }
    return looking;
  };
}
