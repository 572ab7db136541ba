import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestListener,
} from '@apollo/server';
import { GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import {
  coercedVariables,
  safeOperation,
  safeVariables,
  withSafeVariables,
  type RequestContext,
  rateLimitHeaders,
  type Spending,
} from '../core/index.js';
import type { SupergraphState } from '../supergraph/index.js';
import { type IdentitySettings, isIntrospectionOnly, tokenRequired } from '../access/index.js';
import type { Admission } from './admission.js';
import { HEAVY_COST } from './limits.js';

type ResolvedRequest = Pick<GraphQLRequestContextDidResolveOperation<RequestContext>, 'request'> & {
  document: DocumentNode;
  operation: OperationDefinitionNode;
};

/**
 * Decides whether a valid query or mutation may run: the operation must exist, have a token, and be within the caller's budget.
 * Introspection needs no token, so that the sandbox can show the schema.
 */
export function operationAdmission(
  settings: IdentitySettings,
  admission: Admission,
  supergraph: () => SupergraphState,
): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = {
    didResolveOperation: async (requestContext) => {
      if (!requestContext.operation) throw notFound();
      useSafeVariables(requestContext as ResolvedRequest);
      dropUndeclared(requestContext as ResolvedRequest);
      const { contextValue, document, operation, operationName, request } = requestContext;
      const { identity, caller } = contextValue;
      if (!identity && !isIntrospectionOnly(document, operationName)) {
        spend(contextValue, await admission.chargeRefusal(caller));
        throw tokenRequired(settings);
      }
      const state = supergraph();
      const variables = coercedVariables(state.schema, operation, request.variables ?? {});
      contextValue.coerced = { schema: state.schema, variables };
      const charge = await admission.chargeOperation(caller, state, document, operation, variables);
      if (!charge) return;
      contextValue.isHeavy = charge.cost >= HEAVY_COST;
      spend(contextValue, charge.spending);
    },
    didEncounterErrors: async ({ contextValue, source, operation }) => {
      const isNoOperation = source !== undefined && operation === undefined;
      if (isNoOperation) spend(contextValue, await admission.chargeRefusal(contextValue.caller));
    },
    willSendResponse: async ({ contextValue: { spending }, response: { http } }) => {
      if (!spending) return;
      for (const [name, value] of rateLimitHeaders(spending)) http.headers.set(name, value);
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

/** From here on, no variable has a name with another meaning during execution. */
function useSafeVariables(requestContext: ResolvedRequest): void {
  const { document, operation, request } = requestContext;
  const renamed = withSafeVariables(document);
  if (renamed === document) return;
  Object.assign(requestContext, {
    document: renamed,
    operation: safeOperation(document, operation),
  });
  request.variables = safeVariables(document, request.variables ?? {});
}

/** Removes variables that the operation does not declare: they have no meaning. */
function dropUndeclared({ request, operation: { variableDefinitions = [] } }: ResolvedRequest) {
  const sent = request.variables;
  if (!sent) return;
  const declared: Record<string, unknown> = {};
  for (const { variable } of variableDefinitions) {
    const name = variable.name.value;
    if (Object.hasOwn(sent, name)) declared[name] = sent[name];
  }
  request.variables = declared;
}

/** Adds in place to the cost of the request so far: Apollo Server works with a copy of the context. */
function spend({ spending }: RequestContext, spent: Spending): void {
  if (spending) Object.assign(spending, { ...spent, cost: spent.cost + spending.cost });
}

/** A name without an operation is a fault of the caller; the gateway package would report a fault of the server. */
function notFound(): GraphQLError {
  return new GraphQLError(
    'Expected one operation, or several and the operationName of one of them.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
  );
}
