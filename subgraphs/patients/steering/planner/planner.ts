import { Worker } from 'node:worker_threads';
import { projectPath } from '../../../../shared/root.js';
import type { SteeringInput } from '../rules/input.js';
import type { Plan } from '../rules/plan.js';
import type { PlanResponse, PlanRequest } from './messages.js';
import { instant } from './messages.js';

interface PendingPlan {
  resolve: (plan: Plan) => void;
  reject: (cause: Error) => void;
}

/**
 * Plans in a thread of its own, so that a plan of seconds blocks no other request. The thread is started with the first
 * and kept. While it has nothing to do it keeps no process alive.
 */
export class Planner {
  #worker: Worker | undefined;
  #lastId = 0;
  readonly #pending = new Map<number, PendingPlan>();

  /** Throws what the thread died of. */
  plan(input: SteeringInput): Promise<Plan> {
    const worker = (this.#worker ??= this.#start());
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // The process waits for a plan that is under way.
      worker.ref();
      worker.postMessage({ id, input, sentAt: instant() } satisfies PlanRequest);
    });
  }

  /** Ends the thread; pending plans are rejected. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** The build's output, also for tests on the sources: they build before they begin. */
  #start(): Worker {
    const file = projectPath('dist', 'subgraphs', 'patients', 'steering', 'planner', 'worker.js');
    // The options of a test runner or a debugger are not for the thread.
    const worker = new Worker(file, { execArgv: [] });
    let cause: Error | undefined;
    worker.on('message', (response: PlanResponse) => {
      const pending = this.#pending.get(response.id)!;
      this.#pending.delete(response.id);
      if (this.#pending.size === 0) worker.unref();
      if ('plan' in response) pending.resolve(response.plan);
      else pending.reject(response.error);
    });
    worker.on('error', (error: Error) => (cause = error));
    worker.on('exit', (code) => {
      this.#worker = undefined;
      const died = new Error(`The planner's thread ended with code ${code}.`, { cause });
      for (const { reject } of this.#pending.values()) reject(died);
      this.#pending.clear();
    });
    return worker;
  }
}
