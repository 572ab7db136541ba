import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Caller, rateLimitHeaders, type Spending } from '../core/index.js';
import { LimitError } from './limit-error.js';
import type { Limits } from './limits.js';

const WINDOW_SECONDS = 60;

/** The cost that each caller has spent in the current minute. Kept per process: two gateways give a caller two budgets. */
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

  /** Charges a caller. Throws LimitError when the rest of the budget is smaller. */
  async spend({ key, isService }: Caller, cost: number): Promise<Spending> {
    const limiter = isService ? this.#service : this.#ordinary;
    try {
      return spending(limiter, await limiter.consume(key, cost), cost);
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      const retryAfterSeconds = secondsUntilNext(spent);
      throw new LimitError(
        `A caller may spend ${limiter.points} a minute, and this needs ${cost}, which is more than the rest. Wait ${retryAfterSeconds} s; send smaller operations, or subscribe instead of repeating the query.`,
        { status: 429, retryAfterSeconds, headers: rateLimitHeaders(spending(limiter, spent, 0)) },
      );
    }
  }

  /** Charges for a request that is refused already; only the next request may fail because of it. */
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
