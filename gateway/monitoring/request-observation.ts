import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../core/index.js';
import type { Metrics } from './metrics.js';
import { observeRequest } from './request-metrics.js';
import { recordSecurityEvents } from './request-security-events.js';
import type { SecurityEvents } from './security-events.js';

/**
 * Observes every query and mutation, over HTTP and sockets, for metrics and security events. One plugin for both: Apollo Server
 * calls each plugin a dozen times for each request.
 */
export function requestObservation(
  metrics: Metrics,
  events: SecurityEvents,
): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => {
      const since = performance.now();
      return {
        willSendResponse: async ({ operation, contextValue, response: { body } }) => {
          const result = body.kind === 'single' ? body.singleResult : undefined;
          const seconds = (performance.now() - since) / 1000;
          observeRequest(metrics, operation?.operation, result?.errors, seconds);
          if (result) recordSecurityEvents(events, contextValue.caller, result);
        },
      };
    },
  };
}
