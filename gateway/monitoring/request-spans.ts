import type { ApolloServerPlugin } from '@apollo/server';
import { faultOf, operationFacts, type Tracing } from '../../shared/telemetry/index.js';
import type { RequestContext } from '../core/index.js';

/** Opens a span for every query and mutation, over HTTP and sockets; its parts open spans of their own. */
export function requestSpans(tracing: Tracing): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async ({ contextValue }) => {
      const span = tracing.begin('graphql', contextValue.forwarded, { side: 'server' });
      contextValue.span = span;
      return {
        didResolveOperation: async ({ operation }) => {
          if (!operation) return;
          const { facts, name } = operationFacts(operation);
          span.add(facts, name);
        },
        willSendResponse: async ({ response: { body } }) => {
          span.end(body.kind === 'single' ? faultOf(body.singleResult.errors) : undefined);
        },
      };
    },
  };
}
