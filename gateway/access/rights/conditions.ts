import { Kind, type OperationDefinitionNode, type SelectionNode } from 'graphql';

/** A `@skip` or `@include` that depends on a variable. */
export interface Condition {
  variable: string;
  /** The value with which the field is selected. */
  wanted: boolean;
  /** The value when the client omits the variable. */
  byDefault: boolean | undefined;
}

/** Returns the conditions under which a selection is selected; undefined when it never is. */
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
