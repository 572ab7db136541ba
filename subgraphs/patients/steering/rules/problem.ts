import type { Flow } from './flow.js';
import type { SteeredCategory } from './input.js';
import type { Market } from './market.js';
import { costOfLeaving, type Offer } from './options.js';

/** An assignment as numbers, as it goes to the solver's thread. */
export interface Problem {
  /** Indexes in `Offer.classes`. */
  classes: Int32Array;
  /** Patients by class. */
  demand: Int32Array;
  /** Cost of leaving one patient of a class. */
  leaveCost: Float64Array;
  /** How many options of a class the solver starts with; the others join as far as they can help. */
  startWith: number;
  /** The options of the class at index c are numbers `from[c]` up to `from[c + 1]`. */
  from: Int32Array;
  group: Int32Array;
  cost: Float64Array;
  /** 1 for options by air. */
  flown: Uint8Array;
  /** Slots by group. */
  slots: Int32Array;
  flights: number;
}

/** The solution that the solver found for one problem. */
export interface Solution {
  /** OPTIMAL is proven; FEASIBLE is the best found in time; NONE is nothing in time. */
  status: 'OPTIMAL' | 'FEASIBLE' | 'NONE';
  /** Options that are used, in rising order, and by how many patients. */
  options: Int32Array;
  counts: Int32Array;
  objective: number;
  /** No assignment costs less; -Infinity when that is not known. */
  bound: number;
  milliseconds: number;
  /** How often it was solved again with more options, and with how many columns in the end. */
  rounds: number;
  columns: number;
}

/** Few, so that the first round is quick; each further round adds what can help (measured at 10,000 patients). */
const START_WITH = 20;

/**
 * Categories have slots of their own, so each is a problem by itself: three small ones are solved faster than one large
 * one. Only SK I and SK II may compete for helicopters.
 */
export function problemsOf(offer: Offer, market: Market): Problem[] {
  const parts: SteeredCategory[][] =
    market.input.flights > 0 ? [['SK_I', 'SK_II'], ['SK_III']] : [['SK_I'], ['SK_II'], ['SK_III']];
  return parts
    .map((categories) => problemOf(categories, offer, market))
    .filter(({ classes }) => classes.length > 0);
}

/** The solver's numbers as shares of classes. */
export function flowOf(problems: readonly Problem[], solutions: readonly Solution[]): Flow {
  return problems.flatMap(({ classes, from }, part) => {
    const { options, counts } = solutions[part]!;
    let at = 0;
    return Array.from(options, (option, index) => {
      while (option >= from[at + 1]!) at += 1;
      return { of: classes[at]!, option: option - from[at]!, count: counts[index]! };
    });
  });
}

function problemOf(
  categories: SteeredCategory[],
  { classes, groups }: Offer,
  market: Market,
): Problem {
  const numbers = [...classes.keys()].filter((c) => categories.includes(classes[c]!.of.category));
  const from = new Int32Array(numbers.length + 1);
  numbers.forEach((c, at) => (from[at + 1] = from[at]! + classes[c]!.options.length));
  const all = numbers.flatMap((c) => classes[c]!.options);
  const numberOf = new Map(
    [...new Set(all.map(({ group }) => group))].map((group, at) => [group, at]),
  );
  const { flights } = market.input;
  return {
    classes: Int32Array.from(numbers),
    demand: Int32Array.from(numbers, (c) => classes[c]!.of.patients.length),
    leaveCost: Float64Array.from(numbers, (c) => costOfLeaving(classes[c]!.of, market)),
    startWith: START_WITH,
    from,
    group: Int32Array.from(all, ({ group }) => numberOf.get(group)!),
    cost: Float64Array.from(all, ({ cost }) => cost),
    flown: Uint8Array.from(all, ({ way }) => (way === 'AIR' ? 1 : 0)),
    slots: Int32Array.from(numberOf.keys(), (group) => groups[group]!.slots),
    flights,
  };
}
