import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestListener,
} from '@apollo/server';
import { GraphQLError, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { coercedVariables } from '../core/coerced-variables.js';
import { safeOperation, safeVariables, withSafeVariables } from '../core/safe-variables.js';
import type { SupergraphState } from '../supergraph/supergraph-state.js';
import type { IdentitySettings } from '../access/authentication/authentication.js';
import {
  asksOnlyForTheSchema,
  tokenNeeded,
} from '../access/authentication/introspection-operations.js';
import type { RequestContext } from '../core/request-context.js';
import type { Admission } from './admission.js';
import { HEAVY_COST } from './limits.js';
import { rateLimitHeaders, type Spending } from '../core/spending.js';

type ResolvedRequest = Pick<GraphQLRequestContextDidResolveOperation<RequestContext>, 'request'> & {
  document: DocumentNode;
  operation: OperationDefinitionNode;
};

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
    didResolveOperation: async (requestContext) => {
      if (!requestContext.operation) throw notFound();
      useSafeVariables(requestContext as ResolvedRequest);
      dropUndeclared(requestContext as ResolvedRequest);
      const { contextValue, document, operation, operationName, request } = requestContext;
      const { identity, caller } = contextValue;
      if (!identity && !asksOnlyForTheSchema(document, operationName)) {
        spend(contextValue, await admission.refused(caller));
        throw tokenNeeded(settings);
      }
      const state = supergraph();
      const variables = coercedVariables(state.schema, operation, request.variables ?? {});
      contextValue.coerced = { schema: state.schema, variables };
      const charged = await admission.run(caller, state, document, operation, variables);
      if (!charged) return;
      contextValue.isHeavy = charged.cost >= HEAVY_COST;
      spend(contextValue, charged.spending);
    },
    didEncounterErrors: async ({ contextValue, source, operation }) => {
      const isNoOperation = source !== undefined && operation === undefined;
      if (isNoOperation) spend(contextValue, await admission.refused(contextValue.caller));
    },
    willSendResponse: async ({ contextValue: { spending }, response: { http } }) => {
      if (!spending) return;
      for (const [name, value] of rateLimitHeaders(spending)) http.headers.set(name, value);
    },
  };
  return { requestDidStart: () => Promise.resolve(ofEach) };
}

/** What is priced, planned and executed from here on has no variables with names that mean something else on the way. */
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

/** Variables that the operation does not declare mean nothing, and nobody else has work with them. */
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

/** Added, in its place, to what the request has cost so far: Apollo Server works with a copy of the context. */
function spend({ spending }: RequestContext, spent: Spending): void {
  if (spending) Object.assign(spending, { ...spent, cost: spent.cost + spending.cost });
}

/** A name that no operation has is a fault of the caller; the gateway package would call it one of its own. */
function notFound(): GraphQLError {
  return new GraphQLError(
    'Expected one operation, or several and the operationName of one of them.',
    { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
  );
}
