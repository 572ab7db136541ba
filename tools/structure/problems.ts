import { cyclesOf, importsByFolder, type Import } from './layers.js';
import type { SourceFile } from './sources.js';

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
 * Says which imports reach past the face of a module, or of a concept within one. A folder that has an `index.ts` is imported by that
 * alone, its rules also by a `rules.ts` beside it, so that rules of other modules stay pure.
 */
export function faceProblems(imports: readonly Import[]): string[] {
  const paths = imports.flatMap(({ from, to }) => [from, to]);
  const modules = new Set(paths.flatMap((path) => /^.*(?=\/index\.ts$)/.exec(path) ?? []));
  return imports.flatMap(({ from, to }) => {
    const module = foldersAround(to).find(
      (folder) => modules.has(folder) && !from.startsWith(`${folder}/`),
    );
    if (module === undefined || isFace(module, to)) return [];
    return `${from} imports ${to}. Import it from ${module}/index.ts, or from ${module}/rules.ts if it is a rule.`;
  });
}

/** The folders that have one purpose in every subgraph, and so need no face: generated code, the database, rules behind their `rules.ts`. */
const NO_CONCEPT = /\/(generated|database|rules)(\/|$)/;

/** Says which folders of a part have no face, although others import several files of them. */
export function missingFaceProblems(part: string, imports: readonly Import[]): string[] {
  const used = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const folder = foldersAround(to).find((around) => !from.startsWith(`${around}/`));
    if (!folder?.startsWith(`${part}/`) || NO_CONCEPT.test(to)) continue;
    if (!isFace(folder, to)) used.set(folder, (used.get(folder) ?? new Set()).add(to));
  }
  return [...used].flatMap(([folder, files]) =>
    files.size < 2
      ? []
      : `${folder} has no index.ts, and others import ${[...files].sort().join(', ')}. Export there what they need.`,
  );
}

const isFace = (folder: string, path: string) =>
  path === `${folder}/index.ts` || path === `${folder}/rules.ts`;

/** The folders that hold a file, the outermost first. */
function foldersAround(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, n) => names.slice(0, n + 1).join('/'));
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

/** A topic of an event, such as `capacity.beds-reported`; two words at least, unlike the name of a kind of job. */
const TOPIC = /\b(capacity|patients|supply|personnel)\.[a-z]+(-[a-z]+)+\b/g;

/** Says which topics of events are written outside of every `events.ts`, where a mistake would be noticed by nobody. */
export function topicProblems(sources: readonly Pick<SourceFile, 'path' | 'texts'>[]): string[] {
  const isEvents = (path: string) => path.endsWith('/events.ts');
  const topicsIn = (texts: readonly string[]) =>
    texts.flatMap((text) => [...text.matchAll(TOPIC)].map(([topic]) => topic));
  const declared = new Set(
    sources.flatMap(({ path, texts }) => (isEvents(path) ? topicsIn(texts) : [])),
  );
  return sources.flatMap(({ path, texts }) =>
    topicsIn(texts)
      .filter((topic) => !declared.has(topic))
      .map(
        (topic) =>
          `${path} names the topic ${topic}. Add it to the topics in events.ts of its concept.`,
      ),
  );
}

/** Says which kinds of durable jobs are not in a file `<name>-job.ts`, or not named `<concept>.<verb>`, and which runners not in `jobs.ts`. */
export function jobProblems(sources: readonly Pick<SourceFile, 'path' | 'bases' | 'jobNames'>[]) {
  return sources.flatMap(({ path, bases, jobNames }) => [
    ...(bases.includes('JobKind') && !path.endsWith('-job.ts')
      ? [`${path} has a kind of job. Name the file <name>-job.ts.`]
      : []),
    ...(bases.includes('JobRunner') && !path.endsWith('/jobs.ts')
      ? [`${path} has a runner of jobs. Name the file jobs.ts.`]
      : []),
    ...jobNames
      .filter((name) => !/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(name))
      .map((name) => `${path} names a kind of job ${name}. Name it <concept>.<verb>.`),
  ]);
}
