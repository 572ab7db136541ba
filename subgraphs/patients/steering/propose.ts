import { createHash } from 'node:crypto';
import { assemble, searchOf, type Search } from './rules/assembly.js';
import { canonical } from './rules/canonical.js';
import { faultIn } from './rules/faults.js';
import { nearestFit } from './rules/greedy.js';
import type { SteeringInput } from './rules/input.js';
import { marketOf, type Market } from './rules/market.js';
import { offerOf, type Offer } from './rules/options.js';
import type { Plan } from './rules/plan.js';
import { flowOf, problemsOf } from './rules/problem.js';
import { NoAnswer, Solver } from './solver/solver.js';

/** An input that nothing can be planned for; the message says what was expected, what came, and what to do. */
export class UnusableInput extends Error {}

const solver = new Solver();

const NEAREST_FIT: Search = {
  method: 'NEAREST_FIT',
  timedOut: false,
  optimalityGap: null,
  solverMilliseconds: 0,
};

/**
 * Proposes a house for every patient: the cheapest plan of all in weighted minutes, proven, within the limits of every
 * house. It reads nothing but its input and changes nothing. Where the time limit ends the search, the best plan found so
 * far counts, and where there is none, nearest fit; the summary says which.
 */
export async function propose(input: SteeringInput): Promise<Plan> {
  const { market, offer } = prepare(input);
  const { flow, search } = (await best(offer, market)) ?? {
    flow: nearestFit(offer, market),
    search: { ...NEAREST_FIT, timedOut: true },
  };
  return { digest: digestOf(input), ...assemble(flow, search, offer, market) };
}

/** The plan of nearest fit for the same input, for comparison. */
export function proposeNearest(input: SteeringInput): Plan {
  const { market, offer } = prepare(input);
  const plan = assemble(nearestFit(offer, market), NEAREST_FIT, offer, market);
  return { digest: digestOf(input), ...plan };
}

/** Ends the solver's thread; a later proposal starts a new one. */
export async function endSolver(): Promise<void> {
  await solver.close();
}

function prepare(input: SteeringInput) {
  const fault = faultIn(input);
  if (fault) throw new UnusableInput(fault);
  const market = marketOf(input);
  return { market, offer: offerOf(market) };
}

/** Undefined when the solver found nothing in time. A thread that died is our fault and must not cost anybody his plan. */
async function best(offer: Offer, market: Market) {
  const problems = problemsOf(offer, market);
  try {
    const solutions = await solver.solve(problems, market.input.parameters.solverMilliseconds);
    const search = searchOf(solutions);
    return search && { flow: flowOf(problems, solutions), search };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    process.emitWarning(`${error.message} ${String(error.cause)}`, 'SteeringWarning');
    return undefined;
  }
}

function digestOf(input: SteeringInput): string {
  return createHash('sha256').update(canonical(input)).digest('hex');
}
