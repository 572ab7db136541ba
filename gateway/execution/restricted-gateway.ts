import type { ApolloGateway } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { SupergraphState } from '../supergraph/index.js';
import { restrictedExecutor, type ExecutorEnvironment } from './restricted-executor.js';

/**
 * The gateway package with an executor that enforces rights. A schema without a state, and so without an index of rights, is
 * never served: the gateway does not start with it, and no request is executed with it.
 */
export function restrictedGateway(
  apollo: ApolloGateway,
  environment: Omit<ExecutorEnvironment, 'stateOf'>,
  stateServing: (supergraphSdl: string) => SupergraphState | undefined,
) {
  // A request keeps the schema it was validated against, even when another one becomes current meanwhile.
  const states = new WeakMap<GraphQLSchema, SupergraphState>();
  apollo.onSchemaLoadOrUpdate(({ apiSchema, coreSupergraphSdl }) => {
    const state = stateServing(coreSupergraphSdl);
    if (state) states.set(apiSchema, state);
  });
  const stateOf = (schema: GraphQLSchema): SupergraphState => {
    const state = states.get(schema);
    if (!state) throw new Error('no index of rights was made for the schema that is served');
    return state;
  };
  const executor = restrictedExecutor({ ...environment, stateOf });
  return {
    async load(options: Parameters<ApolloGateway['load']>[0]) {
      const { schema } = await apollo.load(options);
      stateOf(schema);
      return { schema, executor };
    },
    onSchemaLoadOrUpdate: (listener: Parameters<ApolloGateway['onSchemaLoadOrUpdate']>[0]) =>
      apollo.onSchemaLoadOrUpdate(listener),
    stop: () => apollo.stop(),
  };
}
