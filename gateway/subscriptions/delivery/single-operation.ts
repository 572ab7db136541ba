import { HeaderMap, type ApolloServer } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import { type RequestContext, requestsSpending, withSpending } from '../../core/index.js';
import type { OperationRequest } from '../planning/index.js';

export interface SingleResult {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, unknown>;
}

/** Executes a query or mutation that was sent over a connection for subscriptions. */
export async function runSingle(
  apollo: ApolloServer<RequestContext>,
  { query, operationName, variables, extensions }: OperationRequest,
  contextValue: RequestContext,
  /** Apollo Server refuses mutations over GET. */
  method: 'GET' | 'POST' = 'POST',
): Promise<SingleResult> {
  const { body } = await apollo.executeOperation(
    {
      ...(query === '' ? {} : { query }),
      ...(extensions ? { extensions } : {}),
      ...(operationName ? { operationName } : {}),
      ...(variables ? { variables } : {}),
      http: { method, headers: new HeaderMap(), search: '', body: null },
    },
    { contextValue },
  );
  if (body.kind !== 'single') throw new Error('incremental delivery is not offered');
  return requestsSpending(extensions)
    ? withSpending(body.singleResult, contextValue.spending)
    : body.singleResult;
}
