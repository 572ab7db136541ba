import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../core/request-context.js';
import type { SecurityEvents } from './security-events.js';

/** Checks the response to every query and mutation, over HTTP and sockets, for signs of an attack. */
export function requestSecurityEvents(events: SecurityEvents): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, response: { body } }) => {
        if (body.kind !== 'single') return;
        const { data, errors } = body.singleResult;
        if (errors) events.recordErrors(contextValue.caller, errors);
        const misses = data ? nullsWithoutErrors(data, errors ?? []) : 0;
        if (misses > 0) events.countMisses(contextValue.caller, misses);
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
