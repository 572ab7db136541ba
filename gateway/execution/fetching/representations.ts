import type { QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { checkName } from './coverage.js';
import type { JsonObject } from './run.js';
import { merge } from './merging.js';
import { isOfType } from './type-conditions.js';

/** Returns JSON of the fields by which another subgraph finds an object; undefined when one is missing. */
export type Represent = (entity: JsonObject) => string | undefined;

type Selections = readonly QueryPlanSelectionNode[];
/** Returns undefined when a field is missing. */
type Write = (object: JsonObject) => string | undefined;

const NOTHING = '{}';

/** Serialises representations directly; equal texts are equal representations. */
export function representing(schema: GraphQLSchema, requires: Selections): Represent {
  checkNames(requires);
  const write = byType(schema, requires);
  return (entity) => {
    if (!entity['__typename']) return undefined;
    const text = write(entity);
    return text !== undefined && namesItsType(text) ? text : undefined;
  };
}

/** A subgraph needs the type to find the object. The planner selects it first. */
function namesItsType(text: string): boolean {
  if (text.startsWith('{"__typename":')) return true;
  return text !== NOTHING && Boolean((JSON.parse(text) as JsonObject)['__typename']);
}

function checkNames(selections: Selections): void {
  for (const selection of selections) {
    if (selection.kind === 'Field') checkName(selection.alias ?? selection.name);
    if (selection.selections) checkNames(selection.selections);
  }
}

/** Decides once for each type of object which fragments apply. */
function byType(schema: GraphQLSchema, selections: Selections): Write {
  const known = new Map<unknown, Write>();
  return (object) => {
    const typename = object['__typename'];
    let write = known.get(typename);
    if (!write) known.set(typename, (write = writing(schema, selections, typename)));
    return write(object);
  };
}

function writing(schema: GraphQLSchema, selections: Selections, typename: unknown): Write {
  const fields: QueryPlanFieldNode[] = [];
  const fragments: Selections[] = [];
  for (const selection of selections) {
    if (selection.kind === 'Field') fields.push(selection);
    else if (applies(schema, selection.typeCondition, typename)) {
      fragments.push(selection.selections);
    }
  }
  if (fragments.length === 0) return writingFields(schema, fields);
  const [fragment] = fragments;
  if (fragment && fragments.length === 1 && fields.length === 0) {
    const write = writing(schema, fragment, typename);
    return (object) => write(object) ?? NOTHING;
  }
  return merging(schema, fields, fragments, typename);
}

function applies(schema: GraphQLSchema, condition: string | undefined, typename: unknown): boolean {
  return (
    condition !== undefined && typeof typename === 'string' && isOfType(schema, typename, condition)
  );
}

function writingFields(schema: GraphQLSchema, fields: readonly QueryPlanFieldNode[]): Write {
  const parts = fields.map(({ alias, name, selections }) => {
    const key = alias ?? name;
    return { key, label: `${JSON.stringify(key)}:`, write: writingValue(schema, selections) };
  });
  return (object) => {
    let text = '';
    for (const { key, label, write } of parts) {
      const value = object[key];
      if (value === undefined) return undefined;
      text += (text === '' ? '{' : ',') + label + write(value);
    }
    return text === '' ? NOTHING : `${text}}`;
  };
}

function writingValue(
  schema: GraphQLSchema,
  selections: Selections | undefined,
): (value: unknown) => string {
  if (!selections) return (value) => JSON.stringify(value);
  const write = byType(schema, selections);
  const writeValue = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(writeValue).join(',')}]`;
    if (typeof value !== 'object' || value === null) return 'null';
    return write(value as JsonObject) ?? 'null';
  };
  return writeValue;
}

/** Merges several parts of one object that may name the same field: later ones add to earlier ones. */
function merging(
  schema: GraphQLSchema,
  fields: readonly QueryPlanFieldNode[],
  fragments: readonly Selections[],
  typename: unknown,
): Write {
  const own = writingFields(schema, fields);
  const others = fragments.map((fragment) => writing(schema, fragment, typename));
  return (object) => {
    const first = own(object);
    if (first === undefined) return undefined;
    const merged = JSON.parse(first) as JsonObject;
    for (const write of others) {
      const text = write(object);
      if (text !== undefined) merge(merged, JSON.parse(text) as JsonObject);
    }
    return JSON.stringify(merged);
  };
}
