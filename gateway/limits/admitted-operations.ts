import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { coercedVariables } from '../execution/coerced-variables.js';
import type { SupergraphState } from '../federation/supergraph-state.js';
import { unauthenticated, type IdentitySettings } from '../identity/authentication.js';
import { asksOnlyForTheSchema } from '../identity/schema-questions.js';
import type { RequestContext } from '../request-context.js';
import type { Admission } from './admission.js';
import { HEAVY_COST } from './limits.js';

/**
 * Whether a query or mutation that is valid may run: it must be there, come with a token, and be paid for. The schema is
 * open to look at, so that the sandbox can show it; everything else is for those who say who they are.
 */
export function admittedOperations(
  settings: IdentitySettings,
  admission: Admission,
  supergraph: () => SupergraphState,
): ApolloServerPlugin<RequestContext> {
  const ofEach: GraphQLRequestListener<RequestContext> = {
    didResolveOperation: async ({ contextValue, document, operation, operationName, request }) => {
      if (!operation) throw notFound();
      const { identity, caller } = contextValue;
      if (!identity && !asksOnlyForTheSchema(document, operationName)) {
        await admission.refused(caller);
        throw unauthenticated(
          settings,
          'This needs a token: send it as "authorization: Bearer <token>".',
        );
      }
      const state = supergraph();
      const variables = coercedVariables(state.schema, operation, request.variables ?? {});
      contextValue.coerced = { schema: state.schema, variables };
      const cost = await admission.run(caller, state, document, operation, variables);
      contextValue.isHeavy = cost >= HEAVY_COST;
    },
    didEncounterErrors: async ({ contextValue, source, operation }) => {
      const isNoOperation = source !== undefined && operation === undefined;
      if (isNoOperation) await admission.refused(contextValue.caller);
    },
  };
  return { requestDidStart: () => Promise.resolve(ofEach) };
}

/** A name that no operation has is a fault of the caller; the gateway package would call it one of its own. */
function notFound(): GraphQLError {
  return new GraphQLError(
    'Expected one operation, or several and the operationName of one of them.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
  );
}
