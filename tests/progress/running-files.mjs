// JavaScript, because the test runner loads it before it can load TypeScript.
import { relative } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

/** The longest file takes three minutes on an idle machine. */
const NAME_AFTER_MS = 5 * 60_000;
const GIVE_UP_AFTER_MS = 25 * 60_000;

/**
 * A reporter that names the test files under way while none ends, and breaks off the run when that lasts: a caller that waits for the run
 * would otherwise never learn which file it was, as a process that is blocked cannot end its own tests.
 */
export default class RunningFiles {
  #startedAt = new Map();
  #lastEnd = Date.now();
  #timer;

  onRunStart() {
    this.#timer = setInterval(() => this.#look(), NAME_AFTER_MS);
    this.#timer.unref();
  }

  onTestFileStart({ path, context }) {
    this.#startedAt.set(relative(context.config.rootDir, path), Date.now());
  }

  onTestFileResult({ path, context }) {
    this.#startedAt.delete(relative(context.config.rootDir, path));
    this.#lastEnd = Date.now();
  }

  onRunComplete() {
    clearInterval(this.#timer);
  }

  #look() {
    const quietFor = Date.now() - this.#lastEnd;
    if (quietFor < NAME_AFTER_MS) return;
    const files = [...this.#startedAt].map(
      ([file, since]) => `  ${file} for ${Math.round((Date.now() - since) / 1000)} s`,
    );
    process.stderr.write(
      `No test file ended for ${Math.round(quietFor / 1000)} s. Under way:\n${files.join('\n')}\n`,
    );
    if (quietFor < GIVE_UP_AFTER_MS) return;
    process.stderr.write('The run is broken off: look at these files first.\n');
    process.exit(1);
  }
}
