import { Kind, visit, type DocumentNode, type OperationDefinitionNode } from 'graphql';

/** A document whose variables have unambiguous names, and the client's names that were replaced. */
interface SafeDocument {
  document: DocumentNode;
  names: ReadonlyMap<string, string>;
}

const known = new WeakMap<DocumentNode, SafeDocument>();

/**
 * Renames variables whose names have another meaning during execution: the gateway sends `$representations` to subgraphs, and
 * names such as `__proto__` are no ordinary keys of the objects in which graphql-js keeps values. Clients may use them like
 * any other name. Each document is examined once; almost all are returned unchanged.
 */
export function withSafeVariables(document: DocumentNode): DocumentNode {
  return safe(document).document;
}

/** Returns the operation of the renamed document that corresponds to this one of the client's document. */
export function safeOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDefinitionNode {
  const renamed = withSafeVariables(document);
  if (renamed === document) return operation;
  return renamed.definitions[document.definitions.indexOf(operation)] as OperationDefinitionNode;
}

/** Returns the variables that a client sent with a document, under the replaced names. */
export function safeVariables(
  document: DocumentNode,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  const { names } = safe(document);
  if (names.size === 0) return variables;
  const replacing = new Set(names.values());
  const entries = Object.entries(variables).filter(([name]) => !replacing.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [names.get(name) ?? name, value]));
}

function safe(document: DocumentNode): SafeDocument {
  let found = known.get(document);
  if (!found) known.set(document, (found = renamed(document)));
  return found;
}

function renamed(document: DocumentNode): SafeDocument {
  const used = new Set<string>();
  visit(document, { Variable: ({ name }) => void used.add(name.value) });
  const names = new Map<string, string>();
  for (const name of used) {
    if (name !== 'representations' && !(name in Object.prototype)) continue;
    let replacement = `client_${name}`;
    while (used.has(replacement)) replacement += '_';
    names.set(name, replacement);
  }
  if (names.size === 0) return { document, names };
  const changed = visit(document, {
    Variable: (variable) => {
      const value = names.get(variable.name.value);
      return value && { ...variable, name: { ...variable.name, kind: Kind.NAME, value } };
    },
  });
  return { document: changed, names };
}
