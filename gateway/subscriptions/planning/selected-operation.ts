import {
  GraphQLError,
  Kind,
  separateOperations,
  SingleFieldSubscriptionsRule,
  validate,
  visit,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { SupergraphState } from '../../supergraph/index.js';
import { selectedRootFields } from './root-fields.js';
import { OperationRefusal } from './valid-documents.js';

/** A subscription by itself: its root fields, and a document that contains nothing else. */
export interface SelectedOperation {
  operation: OperationDefinitionNode;
  rootFields: readonly FieldNode[];
  document: DocumentNode;
}

/** Returns the selected operation with its root conditions evaluated. Throws OperationRefusal unless one field is left. */
export function selectOperation(
  { schema }: SupergraphState,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  coercedVariables: Record<string, unknown>,
): SelectedOperation {
  const rootFields = selectedRootFields(operation, document, coercedVariables);
  if (rootFields.length === 0) {
    throw new OperationRefusal('BAD_USER_INPUT', [
      new GraphQLError('The subscription selects no field: @skip and @include leave none.', {
        nodes: operation,
      }),
    ]);
  }
  const selected = withRootFields(document, operation, rootFields);
  const errors = validate(schema, selected.document, [SingleFieldSubscriptionsRule]);
  if (errors.length > 0) throw new OperationRefusal('GRAPHQL_VALIDATION_FAILED', errors);
  return selected;
}

/** Replaces the root fields of an operation and removes from its document everything they do not use. */
export function withRootFields(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rootFields: readonly FieldNode[],
): SelectedOperation {
  const changed = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: rootFields } as const,
  };
  const definitions = document.definitions.map((definition) =>
    isSameOperation(definition, operation) ? changed : definition,
  );
  const alone = separateOperations({ ...document, definitions })[operation.name?.value ?? ''];
  if (!alone) throw new Error('separateOperations lost the operation it was given');
  return withoutUnusedVariables(alone, changed, rootFields);
}

function isSameOperation(
  definition: DocumentNode['definitions'][number],
  operation: OperationDefinitionNode,
): boolean {
  return (
    definition.kind === Kind.OPERATION_DEFINITION &&
    definition.name?.value === operation.name?.value
  );
}

function withoutUnusedVariables(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rootFields: readonly FieldNode[],
): SelectedOperation {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const variableDefinitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const lean = { ...operation, variableDefinitions };
  const definitions = document.definitions.map((definition) =>
    isSameOperation(definition, operation) ? lean : definition,
  );
  return { operation: lean, rootFields, document: { ...document, definitions } };
}
