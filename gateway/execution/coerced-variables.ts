import { getVariableValues, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

type Coerced = ReturnType<typeof getVariableValues>;

interface Known {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  coerced: Coerced;
}

const known = new WeakMap<object, Known>();

/** The variables of one request as the schema has them, or what is wrong with them. Worked out once for all who ask. */
export function coercedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Coerced {
  const before = known.get(variables);
  if (before?.schema === schema && before.operation === operation) return before.coerced;
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  known.set(variables, { schema, operation, coerced });
  return coerced;
}
