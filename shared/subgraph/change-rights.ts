import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { callersFault } from '../errors/index.js';
import type { Caller } from '../identity/index.js';

/**
 * Refuses a mutation with FORBIDDEN unless its token was minted for one. Tokens for reading are cached and shared by callers
 * of equal rights, so one that leaks is good for reading alone.
 */
export function changesNeedTheirToken<
  Context extends { caller: Caller },
>(): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, contextValue }) => {
        if (operation?.operation !== OperationTypeNode.MUTATION) return;
        if (contextValue.caller.mayChange) return;
        throw callersFault(
          'FORBIDDEN',
          'The token was minted for reading. A mutation needs one that its service minted for a mutation.',
        );
      },
    }),
  };
}
