import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

/** The variables of one request as a schema has them, or what is wrong with them. */
export type CoercedVariables = ReturnType<typeof getVariableValues>;

export function coercedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): CoercedVariables {
  return getVariableValues(schema, operation.variableDefinitions ?? [], variables);
}
