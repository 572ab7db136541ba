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
type Fetched = Map<string, Fetched>;
/** What `@skip` and `@include` around a selection have decided about variables. */
type Decided = ReadonlyMap<string, boolean>;

const NOTHING: Fetched = new Map<string, Fetched>();

/** What the planner calls a field in a fetch whose name another one has, before it renames it back. */
const PLANNERS_ALIAS = /__alias_\d+$/;

/**
 * The path, by the names of the schema, of a field that the operation selects of every object there and the plan fetches nowhere; undefined when there is
 * none. The planner leaves out, without a word, what it can reach in no subgraph, and the answer would hold null for it.
 * Selections that depend on the type of an object are not looked at: the planner rightly leaves out those that apply to none.
 */
export function uncoveredField(operation: Operation, plan: QueryPlan): string[] | undefined {
  const fetched: Fetched = new Map<string, Fetched>();
  if (plan.node) addPlan(plan.node, [], fetched);
  const root = operation.schema().schemaDefinition.rootType(operation.rootKind);
  if (!root) throw new Error(`the schema has no ${operation.rootKind}`);
  return uncovered(operation.selectionSet, root, fetched, new Map(), operation.schema());
}

function addPlan(node: PlanNode | SubscriptionNode, path: readonly string[], all: Fetched): void {
  switch (node.kind) {
    case 'Fetch': {
      const selections = selectionsOf(node.operation);
      addSelections(selections.root, selections.fragments, placeOf(path, all), !!node.requires);
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

/** Where in `all` the objects at a path of a plan stand; "@" stands for the entries of a list. */
function placeOf(path: readonly string[], all: Fetched): Fetched {
  let place = all;
  for (const name of path) if (name !== '@') place = below(place, name);
  return place;
}

function below(place: Fetched, name: string): Fetched {
  let inner = place.get(name);
  if (!inner) place.set(name, (inner = new Map<string, Fetched>()));
  return inner;
}

/** With `isEntities` the root field `_entities` stands for the objects at the place itself. */
function addSelections(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  place: Fetched,
  isEntities: boolean,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const inner = isEntities ? place : below(place, name.replace(PLANNERS_ALIAS, ''));
      if (selection.selectionSet) addSelections(selection.selectionSet, fragments, inner, false);
      continue;
    }
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!;
    addSelections(selectionSet, fragments, place, isEntities);
  }
}

function uncovered(
  selectionSet: SelectionSet,
  parent: CompositeType,
  fetched: Fetched,
  decided: Decided,
  schema: Schema,
): string[] | undefined {
  for (const selection of selectionSet.selections()) {
    const within = decide(selection, decided, schema);
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
    // An object of which nothing is selected in any case may be left out.
    const path = uncovered(selection.selectionSet, type, inner ?? NOTHING, within, schema);
    if (path) return [name, ...path];
  }
  return undefined;
}

/** Adds what the directives of a selection decide; undefined when it can never be selected. */
function decide({ element }: Selection, decided: Decided, schema: Schema): Decided | undefined {
  let result = decided;
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
