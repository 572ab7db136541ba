/** The imports between the folders that lie beside each other: how many go from one to another. */
export type FolderImports = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The files that lie in the folder itself, beside its folders. */
export const OWN_FILES = '(own files)';

/** The `index.ts` of the folder: it composes what lies in it, and nothing in it imports the face. */
const FACE = '(face)';

/** One import of the project: from which file, to which file. */
export interface Import {
  from: string;
  to: string;
}

/**
 * Counts the imports between the children of each folder, the root included. A folder stands for everything beneath it, so a
 * cycle is found at the level at which it lies.
 */
export function importsByFolder(
  root: string,
  imports: readonly Import[],
): Map<string, FolderImports> {
  const paths = imports.flatMap(({ from, to }) => [from, to]);
  const withRules = new Set(paths.flatMap((path) => /^.*(?=\/rules\/)/.exec(path) ?? []));
  const folders = new Map<string, Map<string, Map<string, number>>>();
  for (const { from, to } of imports) {
    const parent = sharedFolder(from, to);
    if (!`${parent}/`.startsWith(`${root}/`)) continue;
    const [a, b] = [from, to].map((path) => childOf(parent, path, withRules));
    if (a === b) continue;
    const graph = entry(folders, parent, () => new Map<string, Map<string, number>>());
    entry(graph, b!, () => new Map<string, number>());
    const row = entry(graph, a!, () => new Map<string, number>());
    row.set(b!, (row.get(b!) ?? 0) + 1);
  }
  return folders;
}

/** The innermost folder that holds both files. */
function sharedFolder(from: string, to: string): string {
  const [a, b] = [from.split('/'), to.split('/')];
  let depth = 0;
  while (a[depth] === b[depth] && depth < a.length - 1 && depth < b.length - 1) depth++;
  return a.slice(0, depth).join('/');
}

/** The folder in `parent` through which a file is reached; `rules.ts` is part of the folder `rules/` beside it. */
function childOf(parent: string, path: string, withRules: ReadonlySet<string>): string {
  const [child, ...rest] = path.slice(parent.length + 1).split('/');
  if (rest.length > 0) return child!;
  if (child === 'index.ts') return FACE;
  return child === 'rules.ts' && withRules.has(parent) ? 'rules' : OWN_FILES;
}

/** Groups of folders that import each other, directly or through others; each group and the list are sorted. */
export function cyclesOf(graph: FolderImports): string[][] {
  const reach = new Map([...graph.keys()].map((name) => [name, reachableFrom(graph, name)]));
  const groups = new Map<string, string[]>();
  for (const name of [...graph.keys()].sort()) {
    const group = [...reach.get(name)!].filter((other) => reach.get(other)!.has(name)).sort();
    if (group.length > 1) groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reachableFrom(graph: FolderImports, start: string): Set<string> {
  const found = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of graph.get(name)?.keys() ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/**
 * The folders in layers, the highest first, in an order against which few imports run: each folder is moved to its best
 * position until no move helps. Where there is no cycle no import runs upwards.
 */
export function layersOf(graph: FolderImports): { order: string[]; upward: number } {
  let order = [...graph.keys()].sort();
  let best = upwardIn(order, graph);
  for (let isBetter = true; isBetter;) {
    isBetter = false;
    for (const name of [...order]) {
      for (let position = 0; position < order.length; position++) {
        const moved = order.filter((other) => other !== name);
        moved.splice(position, 0, name);
        const upward = upwardIn(moved, graph);
        if (upward >= best) continue;
        [order, best, isBetter] = [moved, upward, true];
      }
    }
  }
  return { order, upward: best };
}

function upwardIn(order: readonly string[], graph: FolderImports): number {
  const rank = new Map(order.map((name, index) => [name, index]));
  let upward = 0;
  for (const [from, row] of graph) {
    for (const [to, count] of row) if (rank.get(to)! < rank.get(from)!) upward += count;
  }
  return upward;
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
