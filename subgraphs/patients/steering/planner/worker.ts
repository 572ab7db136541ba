// The planner's thread, see planner.ts. It has the solver's thread for itself.
import { parentPort } from 'node:worker_threads';
import { compute } from './compute.js';
import { Solver } from '../solver/solver.js';
import { instant, type PlanResponse, type PlanRequest } from './messages.js';

const solver = new Solver();

parentPort!.on('message', (request: PlanRequest) => {
  void respondTo(request).then((response) => parentPort!.postMessage(response));
});

async function respondTo({ id, input, sentAt }: PlanRequest): Promise<PlanResponse> {
  try {
    return { id, plan: await compute(input, solver, instant() - sentAt) };
  } catch (error) {
    return { id, error: error as Error };
  }
}
