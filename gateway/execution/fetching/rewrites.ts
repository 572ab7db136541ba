import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { checkName } from './coverage.js';
import type { JsonObject } from './run.js';
import { isOfType } from './type-conditions.js';

/** Changes a value in place, as the planner demands: a subgraph may know a type or a field under another name. */
export type Rewrite = (value: unknown) => void;

const FRAGMENT = '... on ';

/** Returns undefined where there is nothing to change. */
export function rewriting(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
): Rewrite | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const all = rewrites.map((rewrite) => oneRewrite(schema, rewrite));
  return (value) => {
    for (const rewrite of all) rewrite(value);
  };
}

function oneRewrite(schema: GraphQLSchema, rewrite: FetchDataRewrite): Rewrite {
  const parent = rewrite.path.slice(0, -1);
  const name = rewrite.path.at(-1);
  if (name === undefined) return () => {};
  checkName(name);
  const change = changeOf(rewrite, name);
  return parent.reduceRight<Rewrite>((then, element) => step(schema, element, then), change);
}

function changeOf(rewrite: FetchDataRewrite, name: string): Rewrite {
  if (rewrite.kind === 'ValueSetter') {
    const value: unknown = rewrite.setValueTo;
    return inEach((object) => {
      object[name] = value;
    });
  }
  const { renameKeyTo } = rewrite;
  checkName(renameKeyTo);
  return inEach((object) => {
    if (!object[name]) return;
    object[renameKeyTo] = object[name];
    object[name] = undefined;
  });
}

function step(schema: GraphQLSchema, element: string, then: Rewrite): Rewrite {
  if (!element.startsWith(FRAGMENT)) {
    checkName(element);
    return inEach((object) => then(object[element]));
  }
  const condition = element.slice(FRAGMENT.length);
  return inEach((object) => {
    const typename = object['__typename'];
    if (!typename || isOfType(schema, typename as string, condition)) then(object);
  });
}

/** Descends into lists, and ignores values that are no objects. */
function inEach(change: (object: JsonObject) => void): Rewrite {
  const rewrite: Rewrite = (value) => {
    if (Array.isArray(value)) value.forEach(rewrite);
    else if (typeof value === 'object' && value !== null) change(value as JsonObject);
  };
  return rewrite;
}
