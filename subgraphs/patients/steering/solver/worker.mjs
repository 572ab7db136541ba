// The solver's thread, see solver.ts: computing would block every other request for as long as it takes. Not TypeScript, so
// that Node runs it as it is, in the sources and beside the build.
import { parentPort } from 'node:worker_threads';
import loadHighs from 'highs';
import { solve } from './exact.mjs';

const highs = await loadHighs();

parentPort?.on('message', ({ problems, milliseconds }) => {
  const began = performance.now();
  const left = () => Math.max(0, milliseconds - (performance.now() - began));
  parentPort.postMessage(problems.map((problem) => solve(highs, problem, left())));
});
