import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { projectPath } from '../../../../shared/root.js';
import type { Problem, Solution } from '../rules/problem.js';

/** How long the thread may overrun its time limit before it is ended: the solver looks at the clock only now and then. */
const GRACE_MS = 2_000;

/** The thread sent no solution: it crashed, or did not stop in time. The next problems get a new thread. */
export class NoSolution extends Error {}

/**
 * Solves in a thread of its own, one request after the other. The thread is started with the first and kept: loading the
 * solver takes longer than most problems. While it has nothing to do it keeps no process alive.
 */
export class Solver {
  #worker: Worker | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** Returns one solution per problem, all of them within the time limit, time in the queue included; throws NoSolution. */
  solve(problems: readonly Problem[], milliseconds: number): Promise<Solution[]> {
    const queuedAt = performance.now();
    const solutions = this.#queue.then(() => {
      const waited = performance.now() - queuedAt;
      return this.#solveNow(problems, Math.max(0, Math.round(milliseconds - waited)));
    });
    this.#queue = solutions.catch(() => undefined);
    return solutions;
  }

  /** Ends the thread after the queued problems. */
  async close(): Promise<void> {
    await this.#queue;
    await this.#end();
  }

  async #solveNow(problems: readonly Problem[], milliseconds: number): Promise<Solution[]> {
    const worker = (this.#worker ??= start());
    const finished = new AbortController();
    const signal = AbortSignal.any([AbortSignal.timeout(milliseconds + GRACE_MS), finished.signal]);
    // The process waits for a solution that is under way.
    worker.ref();
    worker.postMessage({ problems, milliseconds });
    try {
      const ended = once(worker, 'exit', { signal }).then(([code]) => {
        throw new Error(`its thread ended with code ${String(code)}`);
      });
      const [solutions] = (await Promise.race([once(worker, 'message', { signal }), ended])) as [
        Solution[],
      ];
      return solutions;
    } catch (cause) {
      await this.#end();
      throw new NoSolution('The solver sent no solution.', { cause });
    } finally {
      finished.abort();
      worker.unref();
    }
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** Runs the build's output, in tests of the sources too: they build before they start. */
function start(): Worker {
  const file = projectPath('dist', 'subgraphs', 'patients', 'steering', 'solver', 'worker.js');
  // The options of a test runner or a debugger are not for the thread.
  return new Worker(file, { execArgv: [] });
}
