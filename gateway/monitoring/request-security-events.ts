import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../core/request-context.js';
import type { SecurityEvents } from './security-events.js';

/** Looks at every answer to a query or mutation, over HTTP as on sockets, for what tells of an attack. */
export function watchedRequests(events: SecurityEvents): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, response: { body } }) => {
        if (body.kind !== 'single') return;
        const { data, errors } = body.singleResult;
        if (errors) events.refused(contextValue.caller, errors);
        const misses = data ? nullsWithoutErrors(data, errors ?? []) : 0;
        if (misses > 0) events.missed(contextValue.caller, misses);
      },
    }),
  };
}

function nullsWithoutErrors(
  data: Readonly<Record<string, unknown>>,
  errors: readonly { path?: readonly (string | number)[] | undefined }[],
): number {
  let nulls = 0;
  for (const name in data) {
    if (data[name] === null && !errors.some(({ path }) => path?.[0] === name)) nulls += 1;
  }
  return nulls;
}
