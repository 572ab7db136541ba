import type { Logger } from 'pino';
import { recordFault } from '../errors/index.js';

/** Services start at the same time and are replaced one by one: another may be unavailable for so long without a line in the log. */
const NOTED_AFTER_MS = 30_000;

/** Logs that something which is tried again and again cannot be done because another subgraph stays unavailable. */
export class LastingOutages {
  readonly #log: Logger;
  readonly #message: string;
  #since: number | undefined;

  /** `message` says what could not be done. */
  constructor(log: Logger, message: string) {
    this.#log = log;
    this.#message = message;
  }

  /** An attempt has succeeded. */
  ended(): void {
    this.#since = undefined;
  }

  /** An attempt has failed. `now` is in milliseconds of a clock that never goes back. */
  failed(err: unknown, now = performance.now()): void {
    this.#since ??= now;
    if (now - this.#since >= NOTED_AFTER_MS) recordFault(this.#log, this.#message, { err }, 'warn');
  }
}
