import type { ApolloServerPlugin } from '@apollo/server';
import type { SupergraphState } from '../federation/supergraph-state.js';
import type { RequestContext } from '../request-context.js';
import type { Admission } from './admission.js';

/** The second half of admission, at the place where Apollo Server knows the operation and has not run it. */
export function chargeOperations(
  admission: Admission,
  supergraph: () => SupergraphState,
): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ contextValue, document, operation, request }) => {
        if (!operation) return;
        await admission.run(
          contextValue.caller,
          supergraph(),
          document,
          operation,
          request.variables ?? {},
        );
      },
      didEncounterErrors: async ({ contextValue, source, operation }) => {
        const isNoOperation = source !== undefined && operation === undefined;
        if (isNoOperation) await admission.refused(contextValue.caller);
      },
    }),
  };
}
