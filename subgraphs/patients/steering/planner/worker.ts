// The planner's thread, see planner.ts. It has the solver's thread for itself.
import { parentPort } from 'node:worker_threads';
import { compute } from './compute.js';
import { Solver } from '../solver/solver.js';
import { instant, type Answer, type Question } from './messages.js';

const solver = new Solver();

parentPort!.on('message', (question: Question) => {
  void answerTo(question).then((answer) => parentPort!.postMessage(answer));
});

async function answerTo({ id, input, askedAt }: Question): Promise<Answer> {
  try {
    return { id, plan: await compute(input, solver, instant() - askedAt) };
  } catch (error) {
    return { id, error: error as Error };
  }
}
