/** Validates every operation of the sandbox, the documentation and the demonstrations against the schema that clients see. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildSchema } from 'graphql';
import { SAMPLE_TABS } from '../gateway/sandbox/operations.js';
import { projectPath } from '../shared/root.js';
import { composeSources } from './compose.js';
import { operationsInMarkdown } from './operations/markdown.js';
import { operationsOfModule, strayOperations } from './operations/modules.js';
import { problemsOf, type WrittenOperation } from './operations/validation.js';

/** Folders whose code sends operations to a hub; bench/ is left out, whose operations run in `npm run bench -- --short`. */
const DEMONSTRATIONS = ['demo', 'start'];

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: projectPath(),
  encoding: 'utf8',
}).split('\n');
const textOf = (file: string) => readFileSync(projectPath(file), 'utf8');

const sources = tracked.filter(
  (file) =>
    DEMONSTRATIONS.includes(file.split('/', 1)[0]!) &&
    /\.(ts|mjs)$/.test(file) &&
    !/\.test\./.test(file),
);
const modules = sources.filter((file) => file.endsWith('/operations.ts'));
const markdown = tracked.filter((file) => file.endsWith('.md'));

const operations: WrittenOperation[] = [
  ...SAMPLE_TABS.map(({ query, variables }) => ({
    where: 'gateway/sandbox/operations.ts',
    query,
    variables: JSON.parse(variables ?? '{}') as Record<string, unknown>,
  })),
  ...markdown.flatMap((file) => operationsInMarkdown(file, textOf(file))),
];
for (const file of modules) {
  const compiled = pathToFileURL(projectPath('dist', file.replace(/\.ts$/, '.js'))).href;
  operations.push(...operationsOfModule(file, (await import(compiled)) as object));
}

const schema = buildSchema(composeSources().api);
const problems = [
  ...operations.flatMap((operation) => problemsOf(schema, operation)),
  ...sources
    .filter((file) => !modules.includes(file))
    .flatMap((file) => strayOperations(file, textOf(file))),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
