import type { GraphQLFormattedError } from 'graphql';

/** The cost of a request to its caller, and the rest of the caller's budget. */
export interface Spending {
  cost: number;
  /** The cost that the caller may spend in a window. */
  budget: number;
  left: number;
  windowSeconds: number;
  /** Until the budget is full again. */
  resetSeconds: number;
}

/**
 * Fields of a response after https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/: the policy with its quota
 * (`q`) and window in seconds (`w`); the rest (`r`) and for how many seconds (`t`); and, our addition, the cost of this request.
 */
export function rateLimitHeaders(spending: Spending): [name: string, value: string][] {
  const { cost, budget, left, windowSeconds, resetSeconds } = spending;
  return [
    ['ratelimit-policy', `"cost";q=${budget};w=${windowSeconds}`],
    ['ratelimit', `"cost";r=${left};t=${resetSeconds};cost=${cost}`],
  ];
}

/** Name in `extensions`: of the flag in a request on a socket, and of the spending in its result. */
const EXTENSION = 'rateLimit';

export function requestsSpending(extensions: unknown): boolean {
  return (extensions as Record<string, unknown> | null | undefined)?.[EXTENSION] === true;
}

interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** Adds the facts of the headers to a result. */
export function withSpending<R extends Result>(result: R, spending: Spending | undefined): R {
  if (!spending) return result;
  return { ...result, extensions: { ...result.extensions, [EXTENSION]: spending } };
}
