import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../core/caller.js';
import { LimitExceeded } from './limit-exceeded.js';
import type { Limits } from './limits.js';
import { rateLimitHeaders, type Spending } from '../core/spending.js';

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
  async spend({ key, isService }: Caller, cost: number): Promise<Spending> {
    const limiter = isService ? this.#service : this.#ordinary;
    try {
      return spending(limiter, await limiter.consume(key, cost), cost);
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      const retryAfterSeconds = secondsUntilNext(spent);
      throw new LimitExceeded(
        `A caller may spend ${limiter.points} a minute, and this needs ${cost} more than is left of it. Wait ${retryAfterSeconds} s; ask for less at once, or subscribe instead of asking again.`,
        { status: 429, retryAfterSeconds, headers: rateLimitHeaders(spending(limiter, spent, 0)) },
      );
    }
  }

  /** Charges for what was refused already; the next request hears of it. */
  async fine({ key, isService }: Caller, cost: number): Promise<Spending> {
    const limiter = isService ? this.#service : this.#ordinary;
    return spending(limiter, await limiter.penalty(key, cost), cost);
  }
}

function spending({ points }: RateLimiterMemory, result: RateLimiterRes, cost: number): Spending {
  const left = Math.max(0, result.remainingPoints);
  return {
    cost,
    left,
    budget: points,
    windowSeconds: WINDOW_SECONDS,
    resetSeconds: secondsUntilNext(result),
  };
}

function secondsUntilNext({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}
