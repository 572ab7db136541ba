import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  parse,
  validate,
  type GraphQLSchema,
} from 'graphql';

/** An operation that a reader or a demonstration is meant to send. */
export interface WrittenOperation {
  /** File, and line where the file holds several. */
  where: string;
  query: string;
  /** Values that stand beside the operation; undefined where the reader brings their own. */
  variables?: Record<string, unknown> | undefined;
}

/** Returns one line for each reason for which a gateway with this schema would not run the operation. */
export function problemsOf(schema: GraphQLSchema, { where, query, variables }: WrittenOperation) {
  return errorsOf(schema, query, variables).map(
    ({ message }) => `${where}: ${message}\n    in ${firstLineOf(query)}`,
  );
}

function errorsOf(
  schema: GraphQLSchema,
  query: string,
  variables: Record<string, unknown> | undefined,
): readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0 || variables === undefined) return errors;
    const definitions = getOperationAST(document)?.variableDefinitions ?? [];
    return getVariableValues(schema, definitions, variables).errors ?? [];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

const firstLineOf = (query: string) =>
  query
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#')) ?? '(nothing)';
