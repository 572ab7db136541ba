import {
  Kind,
  separateOperations,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';

/** Returns a document of one operation, without fragments and variables that it does not use. */
export function onlyOperation(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): DocumentNode {
  const definitions = [operation, ...fragments];
  const alone = separateOperations({ kind: Kind.DOCUMENT, definitions })[
    operation.name?.value ?? ''
  ];
  if (!alone) throw new Error('separateOperations lost the operation it was given');
  const used = new Set<string>();
  visit(alone, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  const lean = (definition: DefinitionNode): DefinitionNode => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const variableDefinitions = (definition.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    );
    return { ...definition, variableDefinitions };
  };
  return { ...alone, definitions: alone.definitions.map(lean) };
}
