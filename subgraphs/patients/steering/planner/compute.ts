import { createHash } from 'node:crypto';
import { assemble, searchOf, type Search } from '../rules/assembly.js';
import { canonical } from '../rules/canonical.js';
import { nearestFit } from '../rules/greedy.js';
import type { SteeringInput } from '../rules/input.js';
import { marketOf, type Market } from '../rules/market.js';
import { offerOf, type Offer } from '../rules/options.js';
import type { Plan } from '../rules/plan.js';
import { flowOf, problemsOf } from '../rules/problem.js';
import { NoSolution, type Solver } from '../solver/solver.js';

const NEAREST_FIT: Search = {
  method: 'NEAREST_FIT',
  timedOut: true,
  optimalityGap: null,
  solverMilliseconds: 0,
};

/**
 * Computes the plan of an input without fault. An input whose time limit ends while it is queued gets nearest fit. Runs
 * in the planner's thread: with ten thousand patients it takes seconds.
 */
export async function compute(
  input: SteeringInput,
  solver: Solver,
  waitedMilliseconds: number,
): Promise<Plan> {
  const market = marketOf(input);
  const offer = offerOf(market);
  const milliseconds = Math.max(0, input.parameters.solverMilliseconds - waitedMilliseconds);
  const { flow, search } = (await best(offer, market, solver, milliseconds)) ?? {
    flow: nearestFit(offer, market),
    search: NEAREST_FIT,
  };
  return { digest: digestOf(input), ...assemble(flow, search, offer, market) };
}

/**
 * Returns undefined when the solver finds nothing in time. A thread that crashed is a fault of the hub and must not
 * cost a caller their plan.
 */
async function best(offer: Offer, market: Market, solver: Solver, milliseconds: number) {
  const problems = problemsOf(offer, market);
  try {
    const solutions = await solver.solve(problems, milliseconds);
    const search = searchOf(solutions);
    return search && { flow: flowOf(problems, solutions), search };
  } catch (error) {
    if (!(error instanceof NoSolution)) throw error;
    process.emitWarning(`${error.message} ${String(error.cause)}`, 'SteeringWarning');
    return undefined;
  }
}

function digestOf(input: SteeringInput): string {
  return createHash('sha256').update(canonical(input)).digest('hex');
}
