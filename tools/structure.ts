/**
 * Counts how the folders of the subgraphs, the gateway and `shared` depend on each other, and who writes which table:
 * `npm run structure`. With `--check` it says what breaks a rule of CONTRIBUTING.md ("Where things are"), and fails.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBGRAPHS } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import { cyclesOf, importsByFolder, layersOf, OWN_FILES, type Import } from './structure/layers.js';
import {
  cycleProblems,
  faceProblems,
  jobProblems,
  libraryProblems,
  missingFaceProblems,
  moduleOf,
  topicProblems,
  writerProblems,
} from './structure/problems.js';
import { filesUsedBy } from './structure/reach.js';
import { readSources } from './structure/sources.js';
import { tablesOf, tablesWritten } from './structure/writers.js';

const SUBGRAPH_FOLDERS = SUBGRAPHS.map((name) => `subgraphs/${name}`);
const PARTS = [...SUBGRAPH_FOLDERS, 'gateway', 'shared'];

const sources = readSources(PARTS);
const imports: Import[] = sources.flatMap(({ path, imports: named }) =>
  named.map((to) => ({ from: path, to })),
);

if (process.argv.includes('--check')) check();
else {
  for (const part of PARTS) printImports(part);
  for (const subgraph of SUBGRAPH_FOLDERS) printWriters(subgraph);
}

function check(): void {
  const problems = [
    ...PARTS.flatMap((part) => cycleProblems(part, imports)),
    ...faceProblems(imports),
    ...PARTS.flatMap((part) => missingFaceProblems(part, imports)),
    ...topicProblems(sources),
    ...jobProblems(sources),
    ...libraryProblems(filesBelow('shared')),
    ...SUBGRAPH_FOLDERS.flatMap((subgraph) =>
      writerProblems(writersOf(subgraph)).map((problem) => `${subgraph}: ${problem}`),
    ),
  ];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/** A line for each folder that holds folders: how many, and the imports between them. */
function printImports(part: string): void {
  for (const [folder, graph] of [...importsByFolder(part, imports)].sort()) {
    const folders = [...graph.keys()].filter((name) => name !== OWN_FILES).length;
    const between = [...graph.values()].flatMap((row) => [...row.values()]);
    const { order, upward } = layersOf(graph);
    const cycles = cyclesOf(graph);
    console.log(
      `${folder}: ${folders} folders, ${sum(between)} imports between them, ${upward} of them upwards, ${cycles.flat().length} folders in cycles`,
    );
    console.log(`  layers: ${order.join(' > ')}`);
    for (const cycle of cycles) console.log(`  cycle: ${cycle.join(', ')}`);
  }
}

/** A line for each table, with the folders that write it. */
function printWriters(subgraph: string): void {
  const writers = writersOf(subgraph);
  const several = (nameOf: (folder: string) => string) =>
    [...writers.values()].filter((folders) => new Set([...folders].map(nameOf)).size > 1).length;
  console.log(
    `${subgraph}: ${writers.size} tables, ${several(moduleOf)} written by several modules, ${several((folder) => folder)} by several folders`,
  );
  for (const [table, folders] of writers) {
    console.log(`  ${table}: ${[...folders].sort().join(', ') || 'nobody'}`);
  }
}

/** By table of a subgraph the folders whose files write it; a library of `shared` that the subgraph uses counts as one. */
function writersOf(subgraph: string): Map<string, Set<string>> {
  const prisma = `${subgraph}/prisma`;
  const tables = tablesOf(
    textBelow(`${prisma}/schema`, /\.prisma$/),
    textBelow(`${prisma}/migrations`, /\.sql$/) + textBelow(`${prisma}/functions`, /\.sql$/),
  );
  const writers = new Map<string, Set<string>>();
  for (const table of [...new Set(tables.byModel.values())].sort()) writers.set(table, new Set());
  const used = filesUsedBy(subgraph, imports);
  for (const source of sources) {
    if (!source.path.startsWith(`${subgraph}/`) && !used.has(source.path)) continue;
    for (const table of tablesWritten(source, tables)) {
      writers.get(table)!.add(folderOf(source.path));
    }
  }
  return writers;
}

/** The folder of a file, from the root of its subgraph. */
function folderOf(path: string): string {
  const folder = path.replace(/^subgraphs\/[^/]+\//, '').replace(/\/?[^/]+$/, '');
  return folder === '' ? OWN_FILES : folder;
}

/** The paths of all files below a folder, from the root of the project. */
function filesBelow(folder: string): string[] {
  return readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  );
}

/** All files below a folder, in the order of their names, as one text. */
function textBelow(folder: string, kind: RegExp): string {
  if (!existsSync(projectPath(folder))) return '';
  return readdirSync(projectPath(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name))
    .sort()
    .map((name) => readFileSync(projectPath(folder, name), 'utf8'))
    .join('\n');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
