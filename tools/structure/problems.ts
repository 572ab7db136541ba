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

/** Folders of `shared` that are no library: nothing of them is imported by production code. */
const NO_LIBRARIES: ReadonlySet<string> = new Set(['graphql', 'testing']);

/** Says what a library of `shared` lacks: a README, a face or a test. `files` are all files below `shared`. */
export function libraryProblems(files: readonly string[]): string[] {
  const folders = new Set(files.flatMap((path) => /^shared\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [...folders].sort().flatMap((folder) => {
    const own = files.filter((path) => path.startsWith(`shared/${folder}/`));
    const has = (name: RegExp) => own.some((path) => name.test(path));
    const isFace = new RegExp(`^shared/${folder}/(index|rules)\\.ts$`);
    return [
      ...(has(/\/README\.md$/) ? [] : [`shared/${folder} has no README.md: say what it gives.`]),
      ...(NO_LIBRARIES.has(folder) || has(isFace)
        ? []
        : [`shared/${folder} has no index.ts: export there what others import.`]),
      ...(NO_LIBRARIES.has(folder) || has(/\.test\.ts$/)
        ? []
        : [`shared/${folder} has no test: a library is tested by itself.`]),
    ];
  });
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
