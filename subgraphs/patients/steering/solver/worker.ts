// The solver's thread, see solver.ts: computing would block every other request of the process.
import { parentPort } from 'node:worker_threads';
import loader from 'highs';
import type { Problem } from '../rules/problem.js';
import { solve } from './exact.js';

// Node gives the function itself as the default export; the types of the package describe CommonJS, where it is a member.
const loadHighs = loader as unknown as typeof loader.default;
const highs = await loadHighs();

parentPort!.on(
  'message',
  ({ problems, milliseconds }: { problems: readonly Problem[]; milliseconds: number }) => {
    const startedAt = performance.now();
    const left = () => Math.max(0, milliseconds - (performance.now() - startedAt));
    parentPort!.postMessage(problems.map((problem) => solve(highs, problem, left())));
  },
);
