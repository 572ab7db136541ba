import { getOperationAST, Kind, parse, type DocumentNode, type SelectionSetNode } from 'graphql';
import { unauthenticated, type IdentitySettings } from './authentication.js';

interface SentOperation {
  query?: unknown;
  operationName?: unknown;
}

/**
 * Throws UNAUTHENTICATED, before validation, when a client without a token sent an operation that is not introspection alone.
 * Expects a text within the limits. Anything that cannot be parsed is refused when it is executed.
 */
export function requireIntrospectionOnly(settings: IdentitySettings, sent: SentOperation): void {
  if (typeof sent.query !== 'string') return;
  let document: DocumentNode;
  try {
    document = parse(sent.query);
  } catch {
    return;
  }
  const name = typeof sent.operationName === 'string' ? sent.operationName : undefined;
  if (!isIntrospectionOnly(document, name)) throw tokenRequired(settings);
}

/** The error UNAUTHENTICATED for an operation without a token. */
export function tokenRequired(settings: IdentitySettings) {
  const reason = 'This needs a token: send it as "authorization: Bearer <token>".';
  return unauthenticated(settings, reason);
}

/** Whether the operation selects only `__schema`, `__type` and `__typename`, which needs no token. */
export function isIntrospectionOnly(
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
  visited: Set<string>,
): boolean {
  return selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value.startsWith('__');
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return holdsOnlyMetaFields(selection.selectionSet, document, visited);
    }
    const name = selection.name.value;
    if (visited.has(name)) return true;
    visited.add(name);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
    );
    return (
      fragment?.kind === Kind.FRAGMENT_DEFINITION &&
      holdsOnlyMetaFields(fragment.selectionSet, document, visited)
    );
  });
}
