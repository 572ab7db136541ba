import type { ColumnData } from 'highs';
import type { Problem } from '../rules/problem.js';

/** A reduced cost above this counts as 0: the solver's own tolerance for costs in the thousands. */
const TOLERANCE = 1e-6;
/** The number of options of a class that join in one round. */
const JOINING = 30;

/** Options that join the model, and the lower bound of what further options could save. */
export interface Pricing {
  joining: number[];
  /** The sum over all patients of the lowest reduced cost. */
  lowest: number;
}

/**
 * The columns of the assignment that the solver sees, out of all options. Runs in the solver's thread. Its rows are one
 * per class (all its patients), one per slot group of a facility (its slots), and one for the flights.
 */
export class Columns {
  readonly #problem: Problem;
  readonly #classes: number;
  readonly #isIn: Uint8Array;
  readonly rows: number;
  readonly #flightRow: number;
  /** Option per column; a column for the patients of a class who are left at the scene has -1 - class. */
  readonly options: number[] = [];

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#classes = problem.demand.length;
    this.rows = this.#classes + problem.slots.length + 1;
    this.#flightRow = this.rows - 1;
    this.#isIn = new Uint8Array(problem.cost.length);
  }

  get count(): number {
    return this.options.length;
  }

  rowBounds(): { rowLower: Float64Array; rowUpper: Float64Array } {
    const { demand, slots, flights } = this.#problem;
    const upper = Float64Array.from([...demand, ...slots, flights]);
    const lower = new Float64Array(this.rows).fill(-Infinity);
    lower.set(demand);
    return { rowLower: lower, rowUpper: upper };
  }

  /** Adds the cheapest options of every class, and for each class the column of the patients left at the scene. */
  start() {
    const { from, cost, startWith } = this.#problem;
    const joining: number[] = [];
    for (let c = 0; c < this.#classes; c++) {
      const options = range(from[c]!, from[c + 1]!).sort((a, b) => cost[a]! - cost[b]! || a - b);
      joining.push(-1 - c, ...options.slice(0, startWith));
    }
    return this.add(joining);
  }

  /** Returns the most promising options of every class at these duals; none when no option can make the plan cheaper. */
  price(duals: Float64Array, mostPerClass = JOINING, below = -TOLERANCE): Pricing {
    const { from, demand } = this.#problem;
    const joining: number[] = [];
    let lowest = 0;
    for (let c = 0; c < this.#classes; c++) {
      const found: [reducedCost: number, option: number][] = [];
      let least = 0;
      for (let option = from[c]!; option < from[c + 1]!; option++) {
        if (this.#isIn[option]) continue;
        const reduced = this.#reducedCost(option, c, duals);
        least = Math.min(least, reduced);
        if (reduced < below) found.push([reduced, option]);
      }
      lowest += demand[c]! * least;
      found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      for (const [, option] of found.slice(0, mostPerClass)) joining.push(option);
    }
    return { joining, lowest };
  }

  /** Adds options, and returns their columns in the format of the solver. */
  add(joining: readonly number[]) {
    const { cost, group, flown, leaveCost } = this.#problem;
    const starts = new Int32Array(joining.length + 1);
    const indices: number[] = [];
    for (const [column, option] of joining.entries()) {
      this.options.push(option);
      if (option < 0) indices.push(-1 - option);
      else {
        this.#isIn[option] = 1;
        indices.push(this.#classOf(option), this.#classes + group[option]!);
        if (flown[option]) indices.push(this.#flightRow);
      }
      starts[column + 1] = indices.length;
    }
    const numCols = joining.length;
    return {
      cost: Float64Array.from(joining, (option) =>
        option < 0 ? leaveCost[-1 - option]! : cost[option]!,
      ),
      lower: new Float64Array(numCols),
      upper: new Float64Array(numCols).fill(Infinity),
      matrix: {
        format: 'csc',
        numRows: this.rows,
        numCols,
        starts,
        indices: Int32Array.from(indices),
        values: new Float64Array(indices.length).fill(1),
      },
    } satisfies Omit<ColumnData, 'count'>;
  }

  #reducedCost(option: number, c: number, duals: Float64Array): number {
    const { cost, group, flown } = this.#problem;
    const flight = flown[option] ? duals[this.#flightRow]! : 0;
    return cost[option]! - duals[c]! - duals[this.#classes + group[option]!]! - flight;
  }

  #classOf(option: number): number {
    const { from } = this.#problem;
    let low = 0;
    let high = this.#classes;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (from[middle]! <= option) low = middle;
      else high = middle;
    }
    return low;
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
