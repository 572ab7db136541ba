import {
  GraphQLError,
  Kind,
  print,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { denialErrors, type Denial } from './denials.js';
import { onlyOperation } from './only-operation.js';
import { PrivateNames } from './private-names.js';
import type { DeniedFields } from './rights-index.js';
import { RestrictedSelections } from './restricted-selections.js';

/** An operation without the fields that its caller may not see. */
export interface Restriction {
  /** The allowed part, which is planned; undefined when nothing is allowed. */
  planned: DocumentNode | undefined;
  /** The document that shapes the result: everything the client selected, partly under private names. */
  shaped: DocumentNode;
  denials: readonly Denial[];
  names: PrivateNames;
}

/** A schema, and which of its fields the planner fetches for other fields. */
interface RestrictableSchema {
  schema: GraphQLSchema;
  requirements: {
    /** Whether a field of this name takes arguments and another field requires it (`@requires`). */
    hasField(name: string): boolean;
  };
}

/** Returns undefined when nothing has to change. `own` are the response names of fields that the gateway selects for itself. */
export function restrict(
  { schema, requirements }: RestrictableSchema,
  denied: DeniedFields,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  own: readonly string[] = [],
): Restriction | undefined {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  const names = new PrivateNames(print(document));
  const isRequired = (name: string) => requirements.hasField(name);
  const context = { schema, denied, document, operation, names, ownResponseNames: own, isRequired };
  const selections = new RestrictedSelections(context);
  const { planned, shaped, denials, isWhole } = selections.of(operation.selectionSet, root);
  if (isWhole) return undefined;
  const withSelections = (kind: 'planned' | 'shaped', nodes: readonly SelectionNode[]) => {
    const selectionSet = { kind: Kind.SELECTION_SET, selections: nodes } as const;
    return onlyOperation({ ...operation, selectionSet }, selections.fragments(kind));
  };
  return {
    planned: planned.length > 0 ? withSelections('planned', planned) : undefined,
    shaped: withSelections('shaped', shaped),
    denials,
    names,
  };
}

/** Turns the result of a restricted operation into the client's: denied fields are null, each with its error. */
export function applyRestriction(
  { data, errors = [] }: ExecutionResult,
  { denials, names }: Restriction,
  variables: Readonly<Record<string, unknown>>,
): ExecutionResult {
  const shown = [
    ...denialErrors(denials, variables),
    ...errors.map((error) => withClientPath(error, names)),
  ];
  return {
    ...(data === undefined ? {} : { data: names.restored(data) as typeof data }),
    ...(shown.length > 0 ? { errors: shown } : {}),
  };
}

function withClientPath(error: GraphQLError, names: PrivateNames): GraphQLError {
  const path = error.path?.map((key) => (typeof key === 'string' ? names.clientName(key) : key));
  if (!path) return error;
  const { message, extensions, originalError } = error;
  return new GraphQLError(message, { path, extensions, originalError });
}
