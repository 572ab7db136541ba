import { watch } from 'node:fs';

/**
 * Resolves when an entry of the folder changes, at the latest after `atMost` milliseconds: some changes (a port that
 * starts to listen, memory that is given back) touch no file.
 */
export function changeIn(folder: string, atMost: number): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, atMost);
    try {
      const watcher = watch(folder, done);
      // The system may have no watches left, or the folder may be removed: the timer alone is enough then.
      watcher.on('error', () => watcher.close());
      stop = () => watcher.close();
    } catch {
      return;
    }
  });
}

/** Waiting times that double from 25 ms up to a limit. */
export function* backoff(limit: number): Generator<number, never> {
  for (let wait = 25; ; wait = Math.min(wait * 2, limit)) yield wait;
}
