/**
 * Prepares every SQL statement of the services on a migrated database and compares its columns with the declared row. With the
 * name of a source file the statements of that file alone, in the database of capacity.
 */
import ts from 'typescript';
import { projectPath } from '../shared/root.js';
import { readMigratedDatabases } from './database/migrated.js';
import { Describer } from './statements/describer.js';
import { findingsOf } from './statements/findings.js';
import { RowTypes } from './statements/row-types.js';
import { StatementReader } from './statements/statement-reader.js';

/** The migrations themselves, and what runs by itself when it is loaded, are left out. */
const LEFT_OUT =
  /\.test\.ts$|^subgraphs\/.*\/testing\/|\/generated\/|^shared\/database\/|\/(server|worker|prisma\.config)\.ts$/;

const [only] = process.argv.slice(2);

function isOf(subgraph: string, file: string): boolean {
  if (only !== undefined) return file === only && subgraph === 'capacity';
  return file.startsWith(`subgraphs/${subgraph}/`) && isChecked(file);
}

const isChecked = (file: string) => !LEFT_OUT.test(file);

const { options, fileNames } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(projectPath('tsconfig.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  projectPath(),
);
const program = ts.createProgram(
  fileNames.filter((path) =>
    only === undefined
      ? /\/(subgraphs|shared)\//.test(path) && !path.endsWith('.test.ts')
      : path.endsWith(only),
  ),
  options,
);
const reader = new StatementReader(program);
const rows = new RowTypes(program.getTypeChecker());

const problems = new Set<string>();
const unknown = new Map<string, string>();
const known = new Set<string>();
const checked = await readMigratedDatabases(async (name, session) => {
  const describer = await Describer.open(session);
  const found = await reader.read((file) => isOf(name, file), isChecked);
  for (const [at, reason] of found.unknown) unknown.set(at, reason);
  for (const statement of found.statements) {
    known.add(statement.at);
    for (const problem of await findingsOf(statement, describer, rows)) problems.add(problem);
  }
  return `${found.statements.length} statements of ${name}`;
});
// Statements of shared code may be known from the calls of one subgraph alone, where the other does not call it.
for (const [at, reason] of unknown) if (!known.has(at)) problems.add(`${at}: ${reason}`);

for (const problem of problems) console.error(problem);
console.log(`Prepared ${checked.join(' and ')}.`);
process.exitCode = problems.size > 0 ? 1 : 0;
