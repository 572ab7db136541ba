import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

/** The variables of one request coerced to the types of a schema, or the errors. */
export type CoercedVariables = ReturnType<typeof getVariableValues>;

export function coercedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): CoercedVariables {
  return getVariableValues(schema, operation.variableDefinitions ?? [], variables);
}
