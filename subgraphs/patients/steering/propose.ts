import { currentSpan } from '../../../shared/telemetry/index.js';
import { Planner } from './planner/planner.js';
import { faultIn } from './rules/faults.js';
import type { SteeringInput } from './rules/input.js';
import type { Plan } from './rules/plan.js';

/** An input that nothing can be planned for; the message says what was expected, what was received, and what to do. */
export class UnusableInput extends Error {}

const planner = new Planner();

/**
 * Proposes a facility for every patient: the cheapest plan of all in weighted minutes, proven, within the limits of
 * every facility. It reads nothing but its input and changes nothing. Where the time limit ends the search, the best
 * plan found so far counts, and where there is none, nearest fit; the summary says which.
 */
export async function propose(input: SteeringInput): Promise<Plan> {
  refuseUnusable(input);
  const span = currentSpan()?.begin('steer');
  return planner.plan(input).finally(() => span?.end());
}

/** Ends the planner's thread; a later proposal starts a new one. */
export async function endPlanner(): Promise<void> {
  await planner.close();
}

function refuseUnusable(input: SteeringInput): void {
  const fault = faultIn(input);
  if (fault) throw new UnusableInput(fault);
}
