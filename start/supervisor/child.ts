import { setTimeout as delay } from 'node:timers/promises';
import { launch, type ChildPlan, type Life } from './life.js';
import { StartRefusal } from '../host/refusal.js';

/** A process of the hub that is started again whenever it ends by itself. */
export interface Child {
  /** Resolves with its first start. Rejects with StartRefusal when that fails; it is not started again then. */
  ready: Promise<void>;
  /** Ends it with SIGTERM, by force after `patience` milliseconds; resolves when it has exited. */
  stop(patience: number): Promise<void>;
}

/** The longest pause between two starts of a child that crashes again and again. */
const LONGEST_PAUSE_MS = 5000;
/** After this time of service the next crash of a child counts as its first. */
const SOUND_AFTER_MS = 10_000;

/** Keeps the child running until `ending` is aborted: from then on its exit is no crash. */
export function keepRunning(
  plan: ChildPlan,
  report: (line: string) => void,
  ending: AbortSignal,
): Child {
  let life: Life | undefined;

  const ready = new Promise<void>((resolve, reject) => {
    void keep().catch(reject);

    async function keep() {
      let crashes = 0;
      for (let isFirst = true; !ending.aborted; isFirst = false) {
        life = launch(plan);
        let servedSince: number | undefined;
        void life.ready.then(() => {
          servedSince = Date.now();
          resolve();
        });
        const reason = await life.ended;
        life = undefined;
        if (ending.aborted) return;
        if (isFirst && servedSince === undefined) throw new StartRefusal(reason);
        const wasSound = servedSince !== undefined && Date.now() - servedSince >= SOUND_AFTER_MS;
        crashes = wasSound ? 1 : crashes + 1;
        report(`${reason} Starting it again.`);
        await delay(pauseAfter(crashes), undefined, { signal: ending }).catch(() => {});
      }
    }
  });

  return {
    ready,
    stop: async (patience) => life?.end(patience),
  };
}

/** Returns milliseconds: none after the first crash, then a quarter of a second, doubled each time up to the longest. */
export function pauseAfter(crashes: number): number {
  return crashes <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** (crashes - 2));
}
