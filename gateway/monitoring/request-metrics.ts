import type { GraphQLFormattedError } from 'graphql';
import type { Metrics, RequestOutcome } from './metrics.js';

/** Codes of faults of the hub. */
const FAULTS = new Set<unknown>(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', undefined]);

/** Counts and times one query or mutation. `kind` is the type of its operation, if it has one. */
export function observeRequest(
  metrics: Metrics,
  kind: string | undefined,
  errors: readonly GraphQLFormattedError[] | undefined,
  seconds: number,
): void {
  const operation = kind === 'query' || kind === 'mutation' ? kind : 'unknown';
  metrics.observeRequest(operation, outcomeOf(errors), seconds);
}

function outcomeOf(errors: readonly GraphQLFormattedError[] = []): RequestOutcome {
  if (errors.length === 0) return 'answered';
  return errors.some(({ extensions }) => FAULTS.has(extensions?.['code'])) ? 'failed' : 'refused';
}
