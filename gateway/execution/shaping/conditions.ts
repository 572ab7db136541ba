import {
  isVariable,
  type Operation,
  type Schema,
  type Selection,
  type SelectionSet,
} from '@apollo/federation-internals';
import { checkName, UnsupportedPlan } from '../fetching/index.js';

/** The values of the variables on which `@skip` and `@include` of an operation depend. */
export type Conditions = Readonly<Record<string, boolean>>;

/** Returns the names of those variables. Throws UnsupportedPlan for selections that only the stock executor supports. */
export function conditionVariables(operation: Operation): string[] {
  const names = new Set<string>();
  visit(operation.selectionSet, operation.schema(), names);
  return [...names];
}

function visit(selectionSet: SelectionSet, schema: Schema, names: Set<string>): void {
  for (const selection of selectionSet.selections()) {
    for (const { value } of conditionsOf(selection, schema)) {
      if (typeof value !== 'boolean') names.add(value.name);
    }
    if (selection.kind === 'FieldSelection') {
      if (selection.element.definition.isSchemaIntrospectionField()) {
        throw new UnsupportedPlan('introspection');
      }
      checkName(selection.element.responseName());
    }
    if (selection.selectionSet) visit(selection.selectionSet, schema, names);
  }
}

export function isSelected(selection: Selection, schema: Schema, values: Conditions): boolean {
  return conditionsOf(selection, schema).every(
    ({ wanted, value }) => (typeof value === 'boolean' ? value : values[value.name]) === wanted,
  );
}

function conditionsOf({ element }: Selection, schema: Schema) {
  return [
    { directive: schema.skipDirective(), wanted: false },
    { directive: schema.includeDirective(), wanted: true },
  ].flatMap(({ directive, wanted }) => {
    const [applied] = element.appliedDirectivesOf(directive);
    if (!applied) return [];
    const value: unknown = applied.arguments().if;
    if (typeof value === 'boolean' || isVariable(value)) return [{ wanted, value }];
    throw new UnsupportedPlan('a condition that is neither a variable nor a boolean');
  });
}
