import { Kind, type OperationDefinitionNode, type SelectionNode } from 'graphql';

/** A `@skip` or `@include` that a variable decides. */
export interface Condition {
  variable: string;
  /** What the variable must be for the field to be selected. */
  wanted: boolean;
  /** What it is when the client leaves it out. */
  byDefault: boolean | undefined;
}

/** On what it depends whether a selection counts; undefined when it never does. */
export function conditionsOf(
  { directives = [] }: SelectionNode,
  operation: OperationDefinitionNode,
): Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const { name, arguments: given = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const wanted = name.value === 'include';
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    const variable = value.name.value;
    conditions.push({ variable, wanted, byDefault: defaultOf(variable, operation) });
  }
  return conditions;
}

export function areMet(
  conditions: readonly Condition[],
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return conditions.every(
    ({ variable, wanted, byDefault }) =>
      (Object.hasOwn(variables, variable) ? variables[variable] : byDefault) === wanted,
  );
}

function defaultOf(variable: string, { variableDefinitions = [] }: OperationDefinitionNode) {
  const definition = variableDefinitions.find(({ variable: { name } }) => name.value === variable);
  const value = definition?.defaultValue;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
