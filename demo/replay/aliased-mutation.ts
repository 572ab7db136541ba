import { Kind, parse, print, visit, type OperationDefinitionNode } from 'graphql';
import type { TypedDocument } from '../../shared/graphql-client/index.js';

/**
 * Returns a mutation that runs the only root field of `document` once for each of `count` inputs. The field's aliases are `r0`,
 * `r1` and so on, and the variables of the same names stand for its `$input`.
 */
export function aliasedMutation<Data, Input>(
  document: TypedDocument<Data, { input: Input }>,
  count: number,
): TypedDocument<Record<string, Data[keyof Data]>, Record<string, Input>> {
  const { definitions, ...parsed } = parse(document.toString());
  const [operation, ...fragments] = definitions as [OperationDefinitionNode];
  const copies = Array.from({ length: count }, (_, number) => renamed(operation, `r${number}`));
  const combined = {
    ...operation,
    variableDefinitions: copies.flatMap(({ variableDefinitions = [] }) => variableDefinitions),
    selectionSet: {
      ...operation.selectionSet,
      selections: copies.flatMap(({ selectionSet }) => selectionSet.selections),
    },
  };
  const text = print({ ...parsed, definitions: [combined, ...fragments] });
  return { toString: () => text };
}

/** Returns the inputs by the names of the variables of an aliased mutation. */
export function aliasedVariables<Input>(inputs: readonly Input[]): Record<string, Input> {
  return Object.fromEntries(inputs.map((input, number) => [`r${number}`, input]));
}

/** Names the operation's variable and its root field `name`. */
function renamed(operation: OperationDefinitionNode, name: string): OperationDefinitionNode {
  const alias = { kind: Kind.NAME, value: name } as const;
  const copy = visit(operation, { Variable: (node) => ({ ...node, name: alias }) });
  const [field] = copy.selectionSet.selections;
  return {
    ...copy,
    selectionSet: { ...copy.selectionSet, selections: [{ ...field, alias } as typeof field & {}] },
  };
}
