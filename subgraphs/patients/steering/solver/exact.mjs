// The cheapest assignment of all, proven. Runs in the solver's thread.
//
// Column generation: the solver sees a few options of each class, and its duals tell which of all the others could make the
// plan cheaper; those join until there are none. Without flights the limits are those of a transport problem, whose optimum
// is whole by itself. The limit of flights cuts across classes and houses; where it breaks patients in parts, whole numbers
// are demanded, and the relaxed optimum remains the proof.
import { Columns } from './columns.mjs';

const WHOLE = 1e-6;
/** The same cost but for rounding. */
const SAME = 1e-9;

/**
 * @param {import('highs').Highs} highs
 * @param {import('../rules/problem.js').Problem} problem
 * @param {number} milliseconds
 * @returns {import('../rules/problem.js').Solution}
 */
export function solve(highs, problem, milliseconds) {
  const search = new Search(highs, problem, milliseconds);
  try {
    return search.run();
  } finally {
    // The memory of a model is not the garbage collector's.
    search.dispose();
  }
}

class Search {
  constructor(highs, problem, milliseconds) {
    this.highs = highs;
    this.milliseconds = milliseconds;
    this.columns = new Columns(problem);
    this.model = highs.createModel();
    this.began = performance.now();
    this.rounds = 0;
    this.bound = -Infinity;
    /** The best whole assignment so far. */
    this.best = null;
  }

  dispose() {
    this.model.dispose();
  }

  run() {
    const relaxed = this.#relax();
    // Without a proof for the relaxation there is no time left for whole numbers either.
    if (relaxed && !this.#isProven()) this.#demandWholeNumbers(relaxed);
    return this.#solution();
  }

  /** Solves the relaxation over all options; undefined when time runs out. Whatever round ends whole is an assignment. */
  #relax() {
    const { columns, model } = this;
    // The primal method goes on from the plan before when options join; presolving would begin anew (twice as fast, measured).
    const primal = { solver: 'simplex', simplex_strategy: 4, presolve: 'off' };
    model.options.set({ output_flag: false, ...primal });
    const { cost, lower, upper, matrix } = columns.start();
    model.passModel({
      numCols: columns.count,
      numRows: columns.rows,
      ...{ colCost: cost, colLower: lower, colUpper: upper, matrix },
      ...columns.rowBounds(),
    });
    for (;;) {
      if (!this.#solveInTime()) return undefined;
      const { colValue, rowDual } = model.getSolution();
      const objective = model.getObjectiveValue();
      const { joining, lowest } = columns.price(rowDual);
      this.#keep(colValue, objective);
      this.bound = Math.max(this.bound, joining.length ? objective + lowest : objective);
      if (joining.length === 0) return { objective, rowDual };
      model.addCols(columns.add(joining));
    }
  }

  /**
   * With whole numbers over the options at hand; then once more with every option that could be part of anything cheaper,
   * which its reduced cost tells. That is the optimum over all options.
   */
  #demandWholeNumbers({ objective, rowDual }) {
    const { columns, model } = this;
    const whole = { solver: 'choose', simplex_strategy: 1, presolve: 'choose' };
    model.options.set({ ...whole, mip_rel_gap: 0, mip_abs_gap: 0 });
    if (!this.#solveWhole()) return;
    const slack = this.best.objective - objective;
    const { joining } = columns.price(rowDual, Infinity, slack);
    if (joining.length > 0) {
      model.addCols(columns.add(joining));
      if (!this.#solveWhole()) return;
    }
    this.bound = this.best.objective;
  }

  #solveWhole() {
    const { model, columns, highs } = this;
    const { integer } = highs.constants.variableType;
    model.changeColsIntegrality(
      { kind: 'range', from: 0, to: columns.count - 1 },
      new Int32Array(columns.count).fill(integer),
    );
    const isSolved = this.#solveInTime();
    const { feasible } = highs.constants.solutionStatus;
    if (model.info.get('primal_solution_status') === feasible) {
      this.#keep(model.getSolution().colValue, model.getObjectiveValue());
    }
    return isSolved;
  }

  #solveInTime() {
    const left = this.milliseconds - (performance.now() - this.began);
    if (left <= 0) return false;
    // The clock of a model runs on from one run to the next.
    this.model.zeroAllClocks();
    this.model.options.set({ time_limit: left / 1000 });
    this.rounds += 1;
    return this.model.run().modelStatus === this.highs.constants.modelStatus.optimal;
  }

  #keep(colValue, objective) {
    const isWhole = colValue.every((value) => Math.abs(value - Math.round(value)) < WHOLE);
    if (isWhole && !(this.best?.objective <= objective)) this.best = { objective, colValue };
  }

  #isProven() {
    const { best, bound } = this;
    return best !== null && best.objective - bound <= SAME * Math.max(1, Math.abs(bound));
  }

  #solution() {
    const { best, columns, bound, rounds } = this;
    const taken = [];
    best?.colValue.forEach((value, column) => {
      const option = columns.options[column];
      if (option >= 0 && value > 0.5) taken.push([option, Math.round(value)]);
    });
    taken.sort((a, b) => a[0] - b[0]);
    return {
      status: !best ? 'NONE' : this.#isProven() ? 'OPTIMAL' : 'FEASIBLE',
      options: Int32Array.from(taken, ([option]) => option),
      counts: Int32Array.from(taken, ([, count]) => count),
      objective: best?.objective ?? Infinity,
      bound,
      milliseconds: performance.now() - this.began,
      ...{ rounds, columns: columns.count },
    };
  }
}
