import type { JsonObject } from './run.js';

type Path = readonly (string | number)[];

/** Returns the objects at the end of a path, list by list. A null on the way has none. */
export function entitiesAt(from: readonly JsonObject[], path: Path): JsonObject[] {
  const found: JsonObject[] = [];
  for (const value of from) collect(value, path, 0, found);
  return found;
}

function collect(value: unknown, path: Path, at: number, found: JsonObject[]): void {
  if (value === null || value === undefined) return;
  if (at === path.length) {
    if (!Array.isArray(value)) found.push(value as JsonObject);
    else for (const entry of value as (JsonObject | null)[]) if (entry) found.push(entry);
    return;
  }
  const name = path[at]!;
  if (name === '@') {
    if (!Array.isArray(value))
      throw new TypeError('a subgraph returned something else than a list');
    for (const entry of value) collect(entry, path, at + 1, found);
  } else if (Array.isArray(value)) {
    throw new TypeError(`a subgraph returned a list before ${name}`);
  } else {
    collect((value as JsonObject)[name], path, at + 1, found);
  }
}

/** Returns the paths of those objects, in the same order, with the positions in lists. */
export function pathsOf(root: JsonObject, path: Path): (string | number)[][] {
  const paths: (string | number)[][] = [];
  locate(root, path, 0, [], paths);
  return paths;
}

function locate(
  value: unknown,
  path: Path,
  at: number,
  parent: (string | number)[],
  paths: (string | number)[][],
): void {
  if (value === null || value === undefined) return;
  const name = path[at];
  if (Array.isArray(value) && (name === undefined || name === '@')) {
    const next = name === '@' ? at + 1 : at;
    for (const [index, entry] of value.entries()) {
      parent.push(index);
      locate(entry, path, next, parent, paths);
      parent.pop();
    }
  } else if (name === undefined) {
    paths.push([...parent]);
  } else {
    parent.push(name);
    locate((value as JsonObject)[name], path, at + 1, parent, paths);
    parent.pop();
  }
}
