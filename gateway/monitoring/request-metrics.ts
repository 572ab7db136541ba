import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../core/request-context.js';
import type { Metrics, RequestOutcome } from './metrics.js';

/** Codes of faults of the hub. */
const FAULTS = new Set<unknown>(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', undefined]);

/** Counts and times queries and mutations, over HTTP as on sockets. */
export function requestMetrics(metrics: Metrics): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => {
      const since = performance.now();
      return {
        willSendResponse: async ({ operation, response: { body } }) => {
          const kind = operation?.operation;
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          metrics.observeRequest(
            kind === 'query' || kind === 'mutation' ? kind : 'unknown',
            outcomeOf(errors),
            (performance.now() - since) / 1000,
          );
        },
      };
    },
  };
}

function outcomeOf(errors: readonly GraphQLFormattedError[] = []): RequestOutcome {
  if (errors.length === 0) return 'answered';
  return errors.some(({ extensions }) => FAULTS.has(extensions?.['code'])) ? 'failed' : 'refused';
}
