import { cyclesOf, importsByFolder, type Import } from './layers.js';

/** Says which folders of a part of the project import each other in a circle. */
export function cycleProblems(part: string, imports: readonly Import[]): string[] {
  return [...importsByFolder(part, imports)].flatMap(([folder, graph]) =>
    cyclesOf(graph).map(
      (cycle) =>
        `${folder}: ${cycle.join(', ')} import each other in a circle. Move what both need below them, or pass it in.`,
    ),
  );
}

/**
 * Says which imports reach past the face of a module. A module that has an `index.ts` is imported by that alone, its rules also by
 * a `rules.ts` beside it, so that rules of other modules stay pure.
 */
export function faceProblems(imports: readonly Import[]): string[] {
  const paths = imports.flatMap(({ from, to }) => [from, to]);
  const modules = new Set(paths.flatMap((path) => /^.*(?=\/index\.ts$)/.exec(path) ?? []));
  return imports.flatMap(({ from, to }) => {
    const module = outermostModule(to, modules);
    if (module === undefined || from.startsWith(`${module}/`)) return [];
    if (to === `${module}/index.ts` || to === `${module}/rules.ts`) return [];
    return `${from} imports ${to}. Import it from ${module}/index.ts, or from ${module}/rules.ts if it is a rule.`;
  });
}

function outermostModule(path: string, modules: ReadonlySet<string>): string | undefined {
  return [...modules]
    .filter((module) => path.startsWith(`${module}/`))
    .sort((a, b) => a.length - b.length)[0];
}

/** Says which tables are written by several modules. */
export function writerProblems(writers: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...writers].flatMap(([table, folders]) => {
    const modules = new Set([...folders].map(moduleOf));
    if (modules.size <= 1) return [];
    return `The table ${table} is written by ${[...modules].sort().join(', ')}. Let one module write it and export a function that the others call.`;
  });
}

/** The module of a folder of a subgraph, or the library of a folder of `shared`. */
export function moduleOf(folder: string): string {
  return folder.split('/', folder.startsWith('shared/') ? 2 : 1).join('/');
}
