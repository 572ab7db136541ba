import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';

/** A name that no operation has is a fault of the caller; the gateway package would call it one of its own. */
export function operationFound(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation }) => {
        if (operation) return;
        throw new GraphQLError(
          'Expected one operation, or several and the operationName of one of them.',
          { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } },
        );
      },
    }),
  };
}
