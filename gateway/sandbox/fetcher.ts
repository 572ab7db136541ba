import type { GraphiQL } from 'graphiql';
import { getOperationAST, OperationTypeNode, parse, type ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import type { ComponentProps } from 'react';
import type { Session } from './identity';

type Fetcher = ComponentProps<typeof GraphiQL>['fetcher'];

export interface Connection {
  fetcher: Fetcher;
  /** Ends the socket and every subscription on it. */
  close(): void;
}

/** Queries and mutations by HTTP, subscriptions by graphql-ws, both to the hub this page comes from. */
export function connect(session: Session): Connection {
  const authorization = async () => `Bearer ${await session.token()}`;
  const client = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: async () => ({ authorization: await authorization() }),
    // The hub would deliver the current state again after a reconnect; here a break must be seen instead.
    retryAttempts: 0,
  });

  return {
    fetcher: async ({ query, variables, operationName }, { documentAST } = {}) => {
      const request = {
        query,
        variables: variables as Record<string, unknown> | null,
        ...(operationName ? { operationName } : {}),
      };
      const operation = getOperationAST(documentAST ?? parse(query), operationName ?? undefined);
      if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
        return readable(client.iterate(request));
      }
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json',
          'content-type': 'application/json',
          authorization: await authorization(),
        },
        body: JSON.stringify(request),
      });
      return (await response.json()) as ExecutionResult;
    },
    close: () => void client.dispose(),
  };
}

/** A closed socket rejects with an event, of which GraphiQL can show nothing. */
async function* readable(messages: AsyncIterable<unknown>): AsyncGenerator<ExecutionResult> {
  try {
    yield* messages as AsyncIterable<ExecutionResult>;
  } catch (error) {
    if (!(error instanceof CloseEvent)) throw error;
    const reason = `${error.reason || 'no reason given'} (${error.code})`;
    throw new Error(`The hub closed the connection: ${reason}.`, { cause: error });
  }
}
