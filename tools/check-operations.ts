/**
 * Validates the operations of the sandbox and of the documentation against the schema that clients see. The build validates
 * those of clients, in `operations.graphql`; here no other operation may stand in their code.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { SAMPLE_TABS } from '../gateway/sandbox/operations.js';
import { projectPath } from '../shared/root.js';
import { composeSources } from './compose.js';
import { operationsInMarkdown } from './operations/markdown.js';
import { strayOperations } from './operations/stray.js';
import { problemsOf, type WrittenOperation } from './operations/validation.js';

/** Folders whose code sends operations, to a hub or to another subgraph. */
const CLIENTS = /^(bench|demo|start|subgraphs)\//;
/** Texts that are no operations of a client: for other schemas than the hub's, and those with which a bench attacks a gateway. */
const OTHER_TEXTS = /^bench\/(canned\/|peers\/|contenders\/|(attack|hostile)-operations\.ts)/;

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: projectPath(),
  encoding: 'utf8',
}).split('\n');
const textOf = (file: string) => readFileSync(projectPath(file), 'utf8');

const sources = tracked.filter(
  (file) =>
    CLIENTS.test(file) &&
    !OTHER_TEXTS.test(file) &&
    /\.(ts|mjs)$/.test(file) &&
    !/\.test\.|\/testing\//.test(file),
);
const markdown = tracked.filter((file) => file.endsWith('.md'));

const operations: WrittenOperation[] = [
  ...SAMPLE_TABS.map(({ query, variables }) => ({
    where: 'gateway/sandbox/operations.ts',
    query,
    variables: JSON.parse(variables ?? '{}') as Record<string, unknown>,
  })),
  ...markdown.flatMap((file) => operationsInMarkdown(file, textOf(file))),
];

const schema = buildSchema(composeSources().api);
const problems = [
  ...operations.flatMap((operation) => problemsOf(schema, operation)),
  ...sources.flatMap((file) => strayOperations(file, textOf(file))),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
