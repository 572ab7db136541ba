import { getOperationAST, Kind, parse, type DocumentNode, type SelectionSetNode } from 'graphql';
import { unauthenticated, type IdentitySettings } from './authentication.js';

interface Sent {
  query?: unknown;
  operationName?: unknown;
}

/**
 * Throws UNAUTHENTICATED when the operation that a client without a token sent is no question about the schema, so that it is
 * not validated. Expects a text within the limits. What is no text, or cannot be parsed, is refused by whoever runs it.
 */
export function requireSchemaQuestion(settings: IdentitySettings, sent: Sent): void {
  if (typeof sent.query !== 'string') return;
  let document: DocumentNode;
  try {
    document = parse(sent.query);
  } catch {
    return;
  }
  const name = typeof sent.operationName === 'string' ? sent.operationName : undefined;
  if (!asksOnlyForTheSchema(document, name)) throw tokenNeeded(settings);
}

/** UNAUTHENTICATED, for an operation without a token. */
export function tokenNeeded(settings: IdentitySettings) {
  const reason = 'This needs a token: send it as "authorization: Bearer <token>".';
  return unauthenticated(settings, reason);
}

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
