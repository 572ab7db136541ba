// JavaScript, because it runs before anything is compiled.
/**
 * All checks of `npm run check`, as many at once as there are processors. The output of a failed one is printed whole, and
 * at the end stands one line for each that says how to repair it.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { buildOrExit } from './build.mjs';

/** Slowest first, so that none is left over at the end. */
const CHECKS = {
  lint: 'Correct the lines above; `npx eslint --fix .` does what can be done by itself.',
  unused:
    'Delete what nobody uses, or only tests use, or the package from package.json; what tests alone need lies in a testing folder.',
  imports: 'Move the code as the rule says; the rules stand in .dependency-cruiser.js.',
  format: 'Run `npm run format`.',
  migrations:
    'Run `npx prisma migrate dev` in the subgraph’s folder: its migrations do not lead to its prisma/schema.',
  schema: 'Describe and name it as the lines above say.',
  types: 'Correct the types above.',
  spelling:
    'Correct the words above (British English), or add them to tools/spelling: German words to german.txt, others to project.txt.',
  terms:
    'Use the standard term named at the end of each line; tools/terms/README.md says what counts.',
  statements:
    'Write the statement, or the type of its rows, as the migrated database has it; the lines above say which.',
  snapshots: 'Run `npm run snapshots`, read the difference as your clients will, and commit it.',
  operations:
    'Write the operations as gateway/api.graphql has them, and those of clients in an operations.graphql.',
  structure:
    'Move the code as the lines above say; CONTRIBUTING.md says what a module is, `npm run structure` shows the layers.',
  federation:
    'Change the schemas as the lines above say; the reasons stand in tools/federation/rules.ts.',
};

await buildOrExit({ despiteTypeErrors: true });

const waiting = Object.keys(CHECKS);
const failed = [];
await Promise.all(Array.from({ length: availableParallelism() }, work));
for (const name of failed) console.error(`${name} failed. ${CHECKS[name]}`);
process.exitCode = failed.length ? 1 : 0;

async function work() {
  for (let name = waiting.shift(); name; name = waiting.shift()) {
    const started = performance.now();
    const { status, output } = await run(name);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    if (status === 0) continue;
    failed.push(name);
    console.log(output.trimEnd());
  }
}

/** @returns {Promise<{ status: number | null, output: string }>} */
function run(name) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', `check:${name}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.once('close', (status) => resolve({ status, output }));
  });
}
