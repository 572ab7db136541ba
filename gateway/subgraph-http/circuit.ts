import { randomUUID } from 'node:crypto';

/** Failures in a row, without a response between them, that are no accident. */
const FAILURES_TO_OPEN = 5;
/** A restarted subgraph is back within a second or two; one that stays unavailable is probed less and less often. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  /** Called once each time the circuit opens; the id names this outage until the circuit closes. */
  opened(id: string, cause: unknown): void;
  closed(id: string): void;
  /** Whether a failed attempt says nothing about the other side. */
  isInconclusive?(cause: unknown): boolean;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

interface Outage {
  id: string;
  pauseMs: number;
  /** From then on one attempt may probe the other side. */
  probeAt: number;
  isProbed: boolean;
}

/** The other side was not tried, because it is known to be unavailable. */
export class CircuitOpenError extends Error {}

/**
 * A circuit breaker: while it is open, every attempt fails at once, and after each pause a single attempt probes whether the
 * other side is available again. Own code, because the current majors of the libraries for it need a newer Node.
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

  /** Whether the last attempt failed, even if that did not open the circuit. */
  get isFailing(): boolean {
    return this.#outage !== undefined || this.#failures > 0;
  }

  /** The id of the current outage. */
  get outage(): string | undefined {
    return this.#outage?.id;
  }

  /** Throws CircuitOpenError without trying, or whatever the attempt throws. */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    const probed = this.#outage;
    if (probed) {
      if (probed.isProbed || this.#now() < probed.probeAt) {
        throw new CircuitOpenError('not sent, because the last requests were not answered');
      }
      probed.isProbed = true;
    }
    try {
      const result = await attempt();
      this.#succeed();
      return result;
    } catch (cause) {
      if (this.#options.isInconclusive?.(cause)) {
        if (probed) probed.isProbed = false; // the next attempt probes instead
      } else if (probed) this.#stayOpen(probed);
      else this.#fail(cause);
      throw cause;
    }
  }

  // Also for an attempt that began before the circuit opened: any response shows that the other side is available.
  #succeed(): void {
    this.#failures = 0;
    const ended = this.#outage;
    this.#outage = undefined;
    if (ended) this.#options.closed(ended.id);
  }

  #fail(cause: unknown): void {
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

  #stayOpen(probed: Outage): void {
    probed.pauseMs = Math.min(LONGEST_PAUSE_MS, probed.pauseMs * 2);
    probed.probeAt = this.#now() + probed.pauseMs;
    probed.isProbed = false;
  }
}
