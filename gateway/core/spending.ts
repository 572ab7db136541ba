import type { GraphQLFormattedError } from 'graphql';

/** What a request cost its caller, and what is left of their budget. */
export interface Spending {
  cost: number;
  /** What the caller may spend in a window. */
  budget: number;
  left: number;
  windowSeconds: number;
  /** Until the budget is whole again. */
  resetSeconds: number;
}

/**
 * Fields of a response after https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/: the policy with its quota
 * (`q`) and window in seconds (`w`); what is left (`r`) and for how many seconds (`t`), and, of our own, what this request cost.
 */
export function rateLimitHeaders(spending: Spending): [name: string, value: string][] {
  const { cost, budget, left, windowSeconds, resetSeconds } = spending;
  return [
    ['ratelimit-policy', `"cost";q=${budget};w=${windowSeconds}`],
    ['ratelimit', `"cost";r=${left};t=${resetSeconds};cost=${cost}`],
  ];
}

/** Name in `extensions`, of a request on a socket that wants to know and of its result. */
const EXTENSION = 'rateLimit';

export function asksForSpending(extensions: unknown): boolean {
  return (extensions as Record<string, unknown> | null | undefined)?.[EXTENSION] === true;
}

interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** The result with the same facts as the headers have. */
export function withSpending<R extends Result>(result: R, spending: Spending | undefined): R {
  if (!spending) return result;
  return { ...result, extensions: { ...result.extensions, [EXTENSION]: spending } };
}
