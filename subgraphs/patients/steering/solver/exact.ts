import type { Highs } from 'highs';
import type { Problem, Solution } from '../rules/problem.js';
import { Columns } from './columns.js';

/** Distance from a whole number that counts as rounding. */
const WHOLE = 1e-6;
/** Relative difference of two costs that counts as rounding. */
const SAME = 1e-9;

/** An assignment of whole patients. */
interface Assignment {
  objective: number;
  colValue: Float64Array;
}

/** The optimum of the relaxed problem, in which patients may be divided. */
interface Relaxation {
  objective: number;
  rowDual: Float64Array;
}

/**
 * Returns the cheapest assignment of all, with its proof, or the best one found in time. Runs in the solver's thread.
 *
 * Column generation: the solver sees a few options of each class, and its duals show which of the other options could
 * make the plan cheaper; those join until there are none. Without flights the limits are those of a transport problem,
 * whose optimum is whole by itself. The limit of flights cuts across classes and facilities; where it divides patients,
 * whole numbers are required, and the relaxed optimum remains the proof.
 */
export function solve(highs: Highs, problem: Problem, milliseconds: number): Solution {
  const search = new Search(highs, problem, milliseconds);
  try {
    return search.run();
  } finally {
    // The garbage collector does not free the memory of a model.
    search.dispose();
  }
}

class Search {
  readonly #highs: Highs;
  readonly #milliseconds: number;
  readonly #columns: Columns;
  readonly #model: ReturnType<Highs['createModel']>;
  readonly #startedAt = performance.now();
  #rounds = 0;
  #bound = -Infinity;
  #best: Assignment | undefined;

  constructor(highs: Highs, problem: Problem, milliseconds: number) {
    this.#highs = highs;
    this.#milliseconds = milliseconds;
    this.#columns = new Columns(problem);
    this.#model = highs.createModel();
  }

  dispose(): void {
    this.#model.dispose();
  }

  run(): Solution {
    const relaxed = this.#relax();
    // Without a proof for the relaxation no time is left for whole numbers.
    if (relaxed && !this.#isProven()) this.#requireWholeNumbers(relaxed);
    return this.#solution();
  }

  /** Solves the relaxation over all options; undefined when time runs out. A round with whole numbers is an assignment. */
  #relax(): Relaxation | undefined {
    const columns = this.#columns;
    const model = this.#model;
    // The primal method continues from the plan before when options join; presolving would start again (twice as fast, measured).
    const primal = { solver: 'simplex', simplex_strategy: 4, presolve: 'off' } as const;
    model.options.set({ output_flag: false, ...primal });
    const { cost, lower, upper, matrix } = columns.start();
    model.passModel({
      numCols: columns.count,
      numRows: columns.rows,
      colCost: cost,
      colLower: lower,
      colUpper: upper,
      matrix,
      ...columns.rowBounds(),
    });
    for (;;) {
      if (!this.#solveInTime()) return undefined;
      const { colValue, rowDual } = model.getSolution();
      const objective = model.getObjectiveValue();
      const { joining, lowest } = columns.price(rowDual);
      this.#keep(colValue, objective);
      this.#bound = Math.max(this.#bound, joining.length ? objective + lowest : objective);
      if (joining.length === 0) return { objective, rowDual };
      model.addCols(columns.add(joining));
    }
  }

  /**
   * Solves with whole numbers over the present options, then with every option that could be part of a cheaper assignment by its
   * reduced cost. That is the optimum over all options.
   */
  #requireWholeNumbers({ objective, rowDual }: Relaxation): void {
    const columns = this.#columns;
    const model = this.#model;
    const whole = { solver: 'choose', simplex_strategy: 1, presolve: 'choose' } as const;
    model.options.set({ ...whole, mip_rel_gap: 0, mip_abs_gap: 0 });
    if (!this.#solveWhole()) return;
    const slack = this.#best!.objective - objective;
    const { joining } = columns.price(rowDual, Infinity, slack);
    if (joining.length > 0) {
      model.addCols(columns.add(joining));
      if (!this.#solveWhole()) return;
    }
    this.#bound = this.#best!.objective;
  }

  #solveWhole(): boolean {
    const columns = this.#columns;
    const model = this.#model;
    const { integer } = this.#highs.constants.variableType;
    model.changeColsIntegrality(
      { kind: 'range', from: 0, to: columns.count - 1 },
      new Int32Array(columns.count).fill(integer),
    );
    const isSolved = this.#solveInTime();
    const { feasible } = this.#highs.constants.solutionStatus;
    if (model.info.get('primal_solution_status') === feasible) {
      this.#keep(model.getSolution().colValue, model.getObjectiveValue());
    }
    return isSolved;
  }

  #solveInTime(): boolean {
    const left = this.#milliseconds - (performance.now() - this.#startedAt);
    if (left <= 0) return false;
    // The clock of a model continues from one run to the next.
    this.#model.zeroAllClocks();
    this.#model.options.set({ time_limit: left / 1000 });
    this.#rounds += 1;
    return this.#model.run().modelStatus === this.#highs.constants.modelStatus.optimal;
  }

  #keep(colValue: Float64Array, objective: number): void {
    const isWhole = colValue.every((value) => Math.abs(value - Math.round(value)) < WHOLE);
    const isBetter = this.#best === undefined || objective < this.#best.objective;
    if (isWhole && isBetter) this.#best = { objective, colValue };
  }

  #isProven(): boolean {
    const bound = this.#bound;
    return (
      this.#best !== undefined &&
      this.#best.objective - bound <= SAME * Math.max(1, Math.abs(bound))
    );
  }

  #solution(): Solution {
    const best = this.#best;
    const chosen: [option: number, count: number][] = [];
    best?.colValue.forEach((value, column) => {
      const option = this.#columns.options[column]!;
      if (option >= 0 && value > 0.5) chosen.push([option, Math.round(value)]);
    });
    chosen.sort((a, b) => a[0] - b[0]);
    return {
      status: !best ? 'NONE' : this.#isProven() ? 'OPTIMAL' : 'FEASIBLE',
      options: Int32Array.from(chosen, ([option]) => option),
      counts: Int32Array.from(chosen, ([, count]) => count),
      objective: best?.objective ?? Infinity,
      bound: this.#bound,
      milliseconds: performance.now() - this.#startedAt,
      rounds: this.#rounds,
      columns: this.#columns.count,
    };
  }
}
