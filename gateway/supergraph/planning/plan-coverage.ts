import {
  baseType,
  isCompositeType,
  isSubtype,
  type CompositeType,
  type Operation,
  type Schema,
  type Selection,
  type SelectionSet,
} from '@apollo/federation-internals';
import type { PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { Kind, parse, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** Response names that a plan fetches, whatever the type of the object. */
type FetchedFields = Map<string, FetchedFields>;
/** The values of variables that `@skip` and `@include` around a selection require. */
type RequiredValues = ReadonlyMap<string, boolean>;

const NOTHING: FetchedFields = new Map<string, FetchedFields>();

/** The planner's temporary name for a field whose name another field of the fetch has. */
const PLANNERS_ALIAS = /__alias_\d+$/;

/**
 * Returns the path, in names of the schema, of a field that the operation selects of every object there and that the plan does
 * not fetch; undefined when there is none. The planner silently omits fields that it can reach in no subgraph, and the response
 * would contain null for them. Ignores selections that depend on the type of an object: the planner rightly omits those that
 * apply to none.
 */
export function uncoveredField(operation: Operation, plan: QueryPlan): string[] | undefined {
  const fetched: FetchedFields = new Map<string, FetchedFields>();
  if (plan.node) addPlan(plan.node, [], fetched);
  const root = operation.schema().schemaDefinition.rootType(operation.rootKind);
  if (!root) throw new Error(`the schema has no ${operation.rootKind}`);
  return uncovered(operation.selectionSet, root, fetched, new Map(), operation.schema());
}

function addPlan(
  node: PlanNode | SubscriptionNode,
  path: readonly string[],
  all: FetchedFields,
): void {
  switch (node.kind) {
    case 'Fetch': {
      const selections = selectionsOf(node.operation);
      addSelections(selections.root, selections.fragments, fieldsAt(path, all), !!node.requires);
      return;
    }
    case 'Flatten':
      addPlan(node.node, [...path, ...node.path.map(String)], all);
      return;
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) addPlan(child, path, all);
      return;
    case 'Condition':
      for (const child of [node.ifClause, node.elseClause]) if (child) addPlan(child, path, all);
      return;
    case 'Subscription':
      addPlan(node.primary, path, all);
      if (node.rest) addPlan(node.rest, path, all);
      return;
    case 'Defer':
      throw new Error('a plan with @defer is not expected here');
  }
}

function selectionsOf(operationText: string) {
  const { definitions } = parse(operationText, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  let root: SelectionSetNode | undefined;
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    } else if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet;
  }
  if (!root) throw new Error('a fetch has an operation');
  return { root, fragments };
}

/** Returns the fields of the objects at a path of a plan; "@" means the entries of a list. */
function fieldsAt(path: readonly string[], all: FetchedFields): FetchedFields {
  let fields = all;
  for (const name of path) if (name !== '@') fields = child(fields, name);
  return fields;
}

function child(fields: FetchedFields, name: string): FetchedFields {
  let inner = fields.get(name);
  if (!inner) fields.set(name, (inner = new Map<string, FetchedFields>()));
  return inner;
}

/** With `isEntities` the root field `_entities` means the objects themselves. */
function addSelections(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  fields: FetchedFields,
  isEntities: boolean,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const inner = isEntities ? fields : child(fields, name.replace(PLANNERS_ALIAS, ''));
      if (selection.selectionSet) addSelections(selection.selectionSet, fragments, inner, false);
      continue;
    }
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!;
    addSelections(selectionSet, fragments, fields, isEntities);
  }
}

function uncovered(
  selectionSet: SelectionSet,
  parent: CompositeType,
  fetched: FetchedFields,
  required: RequiredValues,
  schema: Schema,
): string[] | undefined {
  for (const selection of selectionSet.selections()) {
    const within = requirementsOf(selection, required, schema);
    if (!within) continue;
    if (selection.kind === 'FragmentSelection') {
      const { typeCondition } = selection.element;
      if (typeCondition && !isSubtype(typeCondition, parent)) continue;
      const path = uncovered(selection.selectionSet, parent, fetched, within, schema);
      if (path) return path;
      continue;
    }
    const { name, definition } = selection.element;
    if (name.startsWith('__')) continue;
    const responseName = selection.element.responseName();
    const inner = fetched.get(responseName);
    const type = definition.type && baseType(definition.type);
    if (!selection.selectionSet || !type || !isCompositeType(type)) {
      if (!inner) return [name];
      continue;
    }
    // An object may be omitted when nothing of it is selected in every case.
    const path = uncovered(selection.selectionSet, type, inner ?? NOTHING, within, schema);
    if (path) return [name, ...path];
  }
  return undefined;
}

/** Adds the values that the directives of a selection require; undefined when it can never be selected. */
function requirementsOf(
  { element }: Selection,
  required: RequiredValues,
  schema: Schema,
): RequiredValues | undefined {
  let result = required;
  for (const { directive, wanted } of [
    { directive: schema.skipDirective(), wanted: false },
    { directive: schema.includeDirective(), wanted: true },
  ]) {
    for (const applied of element.appliedDirectivesOf(directive)) {
      const condition: unknown = applied.arguments().if;
      if (typeof condition === 'boolean') {
        if (condition !== wanted) return undefined;
        continue;
      }
      const variable = String(condition);
      if ((result.get(variable) ?? wanted) !== wanted) return undefined;
      result = new Map([...result, [variable, wanted]]);
    }
  }
  return result;
}
