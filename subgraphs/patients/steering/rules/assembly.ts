import { distribute } from './distribution.js';
import { explain } from './explanation.js';
import { costOf, type Flow } from './flow.js';
import { leftOver } from './left-over.js';
import { loadsOf } from './loads.js';
import type { Market } from './market.js';
import type { Offer } from './options.js';
import type { Plan, Summary } from './plan.js';
import type { Solution } from './problem.js';

/** The properties of the search that found a flow. */
export type Search = Pick<Summary, 'method' | 'timedOut' | 'optimalityGap' | 'solverMilliseconds'>;

/** Sums up the solver's solutions; undefined when it found nothing for a part. */
export function searchOf(solutions: readonly Solution[]): Search | undefined {
  if (solutions.some(({ status }) => status === 'NONE')) return undefined;
  const objective = sumOf(solutions.map((solution) => solution.objective));
  const bound = sumOf(solutions.map((solution) => solution.bound));
  const isExact = solutions.every(({ status }) => status === 'OPTIMAL');
  const gap = (objective - bound) / objective;
  return {
    method: isExact ? 'EXACT' : 'FEASIBLE',
    // Nothing but the time limit ends a search without a proof.
    timedOut: !isExact,
    optimalityGap: isExact ? 0 : Number.isFinite(gap) ? gap : null,
    solverMilliseconds: Math.round(sumOf(solutions.map(({ milliseconds }) => milliseconds))),
  };
}

/** Builds the plan of a flow: the assigned and the unallocated patients with their reasons. */
export function assemble(
  flow: Flow,
  search: Search,
  offer: Offer,
  market: Market,
): Omit<Plan, 'digest'> {
  const { groups } = offer;
  const left = groups.map(({ slots }) => slots);
  for (const { of, option, count } of flow)
    left[offer.classes[of]!.options[option]!.group]! -= count;
  const outcome = { market, offer, left };
  const given = distribute(flow, offer, market);
  const assignments = explain(given, outcome);
  const unallocated = leftOver(given, outcome);
  const { wave, parameters } = market.input;
  return {
    wave,
    parameters,
    summary: {
      patients: market.patients.length,
      allocated: assignments.length,
      unallocated: unallocated.length,
      weightedMinutes: weightedMinutesOf(flow, offer),
      cost: rounded(costOf(flow, offer, market)),
      ...search,
    },
    assignments,
    unallocated,
    load: loadsOf(market, groups, left),
  };
}

function weightedMinutesOf(flow: Flow, { classes }: Offer): number {
  const sum = flow.reduce((all, { of, option, count }) => {
    const { of: patients, options } = classes[of]!;
    return all + patients.weight * options[option]!.minutes * count;
  }, 0);
  return rounded(sum);
}

function rounded(minutes: number): number {
  return Math.round(minutes * 10) / 10;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
