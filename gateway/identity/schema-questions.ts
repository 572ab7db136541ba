import { getOperationAST, Kind, type DocumentNode, type SelectionSetNode } from 'graphql';

/** Whether the operation asks about the schema alone (`__schema`, `__type`, `__typename`), which needs no token. */
export function asksOnlyForTheSchema(
  document: DocumentNode,
  operationName?: string | null,
): boolean {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'query') return false;
  return holdsOnlyMetaFields(operation.selectionSet, document, new Set());
}

function holdsOnlyMetaFields(
  { selections }: SelectionSetNode,
  document: DocumentNode,
  seen: Set<string>,
): boolean {
  return selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__');
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return holdsOnlyMetaFields(selection.selectionSet, document, seen);
    }
    const name = selection.name.value;
    if (seen.has(name)) return true;
    seen.add(name);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
    return (
      fragment?.kind === Kind.FRAGMENT_DEFINITION &&
      holdsOnlyMetaFields(fragment.selectionSet, document, seen)
    );
  });
}
