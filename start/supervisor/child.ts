import { setTimeout as delay } from 'node:timers/promises';
import { launch, type ChildPlan, type Life } from './life.js';
import { StartRefusal } from '../host/refusal.js';

/** A process of the hub that is started again whenever it ends by itself. */
export interface Child {
  /** Settles with its first start. Rejects with StartRefusal when that fails; it is not started again then. */
  ready: Promise<void>;
  /** Asks it to end, by force after `patience` milliseconds; resolves when it is gone. */
  stop(patience: number): Promise<void>;
}

/** The longest pause between two starts of a child that keeps dying. */
const LONGEST_PAUSE_MS = 5000;
/** A child that served this long was sound: its next end counts as a first one. */
const SOUND_AFTER_MS = 10_000;

/** Keeps the child running until `ending`: from then on its end is no death, whoever caused it. */
export function keepRunning(
  plan: ChildPlan,
  report: (line: string) => void,
  ending: AbortSignal,
): Child {
  let life: Life | undefined;

  const ready = new Promise<void>((resolve, reject) => {
    void keep().catch(reject);

    async function keep() {
      let deaths = 0;
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
        deaths = wasSound ? 1 : deaths + 1;
        report(`${reason} Starting it again.`);
        await delay(pauseAfter(deaths), undefined, { signal: ending }).catch(() => {});
      }
    }
  });

  return {
    ready,
    stop: async (patience) => life?.end(patience),
  };
}

/** None after the first death, then a quarter of a second, doubled each time up to the longest. */
export function pauseAfter(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** (deaths - 2));
}
