import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from './caller.js';
import { LimitExceeded } from './limit-exceeded.js';
import type { Limits } from './limits.js';

const WINDOW_SECONDS = 60;

/** What each caller has spent in the current minute. Kept per process: two gateways give a caller two budgets. */
export class Budget {
  readonly #ordinary: RateLimiterMemory;
  readonly #service: RateLimiterMemory;

  constructor({ costPerMinute, serviceCostPerMinute }: Limits) {
    this.#ordinary = new RateLimiterMemory({ points: costPerMinute, duration: WINDOW_SECONDS });
    this.#service = new RateLimiterMemory({
      points: serviceCostPerMinute,
      duration: WINDOW_SECONDS,
      keyPrefix: 'service',
    });
  }

  /** Throws LimitExceeded when that is more than the caller has left. */
  async spend({ key, isService }: Caller, cost: number): Promise<void> {
    const limiter = isService ? this.#service : this.#ordinary;
    try {
      await limiter.consume(key, cost);
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      const retryAfterSeconds = Math.max(1, Math.ceil(spent.msBeforeNext / 1000));
      throw new LimitExceeded(
        `A caller may spend ${limiter.points} a minute, and this needs ${cost} more than is left of it. Wait ${retryAfterSeconds} s; ask for less at once, or subscribe instead of asking again.`,
        { status: 429, retryAfterSeconds },
      );
    }
  }

  /** Charges for what was refused already; the next request hears of it. */
  async fine({ key, isService }: Caller, cost: number): Promise<void> {
    await (isService ? this.#service : this.#ordinary).penalty(key, cost);
  }
}
