import {
  GraphQLError,
  Kind,
  print,
  type DocumentNode,
  type ExecutionResult,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { Requirements } from '../../supergraph/planning/requirements.js';
import type { SupergraphState } from '../../supergraph/supergraph-state.js';
import { denialErrors, type Denial } from './denials.js';
import { onlyOperation } from './only-operation.js';
import { PrivateNames } from './private-names.js';
import type { Denied } from './rights-index.js';
import { RestrictedSelections } from './restricted-selections.js';

/** An operation without what its sender may not see. */
export interface Restriction {
  /** What is left to ask the subgraphs; undefined when that is nothing. */
  planned: DocumentNode | undefined;
  /** What the answer is shaped by: all the client selected, some of it under private names. */
  shaped: DocumentNode;
  denials: readonly Denial[];
  names: PrivateNames;
}

interface RequiredFields {
  requirements: Pick<Requirements, 'hasField'>;
}

/** Undefined when it can run as it is. `own` is the response name of a field that the gateway selects for itself. */
export function restrict(
  { schema, requirements }: Pick<SupergraphState, 'schema'> & RequiredFields,
  denied: Denied,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  own?: string,
): Restriction | undefined {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  const names = new PrivateNames(print(document));
  const isRequired = (name: string) => requirements.hasField(name);
  const question = { schema, denied, document, operation, names, own, isRequired };
  const selections = new RestrictedSelections(question);
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

/** What the client gets: denied fields are null, each with its error. */
export function restricted(
  { data, errors = [] }: ExecutionResult,
  { denials, names }: Restriction,
  variables: Readonly<Record<string, unknown>>,
): ExecutionResult {
  const told = [
    ...denialErrors(denials, variables),
    ...errors.map((error) => withClientPath(error, names)),
  ];
  return {
    ...(data === undefined ? {} : { data: names.restored(data) as typeof data }),
    ...(told.length > 0 ? { errors: told } : {}),
  };
}

function withClientPath(error: GraphQLError, names: PrivateNames): GraphQLError {
  const path = error.path?.map((key) => (typeof key === 'string' ? names.clientName(key) : key));
  if (!path) return error;
  const { message, extensions, originalError } = error;
  return new GraphQLError(message, { path, extensions, originalError });
}
