import { randomUUID } from 'node:crypto';

/** So many failures in a row, with no answer between them, are no accident. */
const FAILURES_TO_OPEN = 5;
/** A subgraph that is started again is back within a second or two; one that stays away is asked ever more rarely. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  /** Called once for each time it opens; the id names this outage until it closes. */
  opened(id: string, cause: unknown): void;
  closed(id: string): void;
  /** Whether an attempt that ended so says nothing of the other side. */
  isNoSign?(cause: unknown): boolean;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

interface Outage {
  id: string;
  pauseMs: number;
  /** From then on one may try. */
  probeAt: number;
  isProbed: boolean;
}

/** Not tried: the other side is known to be away. */
export class CircuitOpen extends Error {}

/**
 * Stops asking one that does not answer: while open, everything fails at once, and after each pause a single request
 * finds out whether it is back. Own code, because the current majors of the libraries for it need a newer Node.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  readonly #now: () => number;
  #failures = 0;
  #outage: Outage | undefined;

  constructor(options: CircuitOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get state(): CircuitState {
    if (!this.#outage) return 'closed';
    return this.#outage.isProbed ? 'half-open' : 'open';
  }

  /** Whether the last attempt failed, be it enough to open or not. */
  get isFailing(): boolean {
    return this.#outage !== undefined || this.#failures > 0;
  }

  /** The name of the outage that lasts. */
  get outage(): string | undefined {
    return this.#outage?.id;
  }

  /** Throws CircuitOpen without trying, or what the attempt throws. */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    const probed = this.#outage;
    if (probed) {
      if (probed.isProbed || this.#now() < probed.probeAt) {
        throw new CircuitOpen('it is not asked, because it did not answer before');
      }
      probed.isProbed = true;
    }
    try {
      const result = await attempt();
      this.#answered();
      return result;
    } catch (cause) {
      if (this.#options.isNoSign?.(cause)) {
        if (probed) probed.isProbed = false; // another one finds out
      } else if (probed) this.#stillAway(probed);
      else this.#failed(cause);
      throw cause;
    }
  }

  // Also by a request that began before it opened: whoever answers is there.
  #answered(): void {
    this.#failures = 0;
    const over = this.#outage;
    this.#outage = undefined;
    if (over) this.#options.closed(over.id);
  }

  #failed(cause: unknown): void {
    this.#failures += 1;
    if (this.#outage || this.#failures < FAILURES_TO_OPEN) return;
    const id = randomUUID();
    this.#outage = {
      id,
      pauseMs: FIRST_PAUSE_MS,
      probeAt: this.#now() + FIRST_PAUSE_MS,
      isProbed: false,
    };
    this.#options.opened(id, cause);
  }

  #stillAway(probed: Outage): void {
    probed.pauseMs = Math.min(LONGEST_PAUSE_MS, probed.pauseMs * 2);
    probed.probeAt = this.#now() + probed.pauseMs;
    probed.isProbed = false;
  }
}
