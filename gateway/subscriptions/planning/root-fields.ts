import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Variables = Record<string, unknown>;

/**
 * Returns the fields that a subscription really selects at its root, with `@skip` and `@include` evaluated and fragments
 * inserted. Necessary because the query planner throws on a condition there, and graphql's rule of one root field throws when
 * the condition is a variable. The document must be valid otherwise: its fragments must have no cycle.
 */
export function selectedRootFields(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  variables: Variables,
): FieldNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }

  const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections
      .filter((selection) => isSelected(selection, variables))
      .flatMap((selection) => {
        switch (selection.kind) {
          case Kind.FIELD:
            return [withoutConditions(selection)];
          case Kind.INLINE_FRAGMENT:
            return fieldsOf(selection.selectionSet);
          case Kind.FRAGMENT_SPREAD: {
            const fragment = fragments.get(selection.name.value);
            return fragment ? fieldsOf(fragment.selectionSet) : [];
          }
        }
      });

  return fieldsOf(operation.selectionSet);
}

function isSelected(selection: SelectionNode, variables: Variables): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

function withoutConditions(field: FieldNode): FieldNode {
  const directives = field.directives?.filter((directive) => !isCondition(directive)) ?? [];
  return { ...field, directives };
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
