import type { Json } from './run.js';

type Path = readonly (string | number)[];

/** The objects at the end of a path, list for list. What is null on the way there has none. */
export function entitiesAt(from: readonly Json[], path: Path): Json[] {
  const found: Json[] = [];
  for (const value of from) collect(value, path, 0, found);
  return found;
}

function collect(value: unknown, path: Path, at: number, found: Json[]): void {
  if (value === null || value === undefined) return;
  if (at === path.length) {
    if (!Array.isArray(value)) found.push(value as Json);
    else for (const entry of value as (Json | null)[]) if (entry) found.push(entry);
    return;
  }
  const name = path[at]!;
  if (name === '@') {
    if (!Array.isArray(value)) throw new TypeError('a subgraph gave something else for a list');
    for (const entry of value) collect(entry, path, at + 1, found);
  } else if (Array.isArray(value)) {
    throw new TypeError(`a subgraph gave a list in front of ${name}`);
  } else {
    collect((value as Json)[name], path, at + 1, found);
  }
}

/** Where those objects stand, in the same order: the path with the positions in its lists. */
export function placesOf(root: Json, path: Path): (string | number)[][] {
  const places: (string | number)[][] = [];
  locate(root, path, 0, [], places);
  return places;
}

function locate(
  value: unknown,
  path: Path,
  at: number,
  parent: (string | number)[],
  places: (string | number)[][],
): void {
  if (value === null || value === undefined) return;
  const name = path[at];
  if (Array.isArray(value) && (name === undefined || name === '@')) {
    const next = name === '@' ? at + 1 : at;
    for (const [index, entry] of value.entries()) {
      parent.push(index);
      locate(entry, path, next, parent, places);
      parent.pop();
    }
  } else if (name === undefined) {
    places.push([...parent]);
  } else {
    parent.push(name);
    locate((value as Json)[name], path, at + 1, parent, places);
    parent.pop();
  }
}
