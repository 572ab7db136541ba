// The columns of the assignment that the solver sees, out of all options there are. Runs in the solver's thread.

/** A reduced cost above this is taken for 0: the solver's own tolerance for costs in the thousands. */
const TOLERANCE = 1e-6;
/** How many options of a class join in one round. */
const JOINING = 30;

/** Rows: one per class (all its patients), one per seat (its places), and one for the flights if anybody can fly. */
export class Columns {
  /** @param {import('../rules/problem.js').Problem} problem */
  constructor(problem) {
    this.problem = problem;
    this.classes = problem.demand.length;
    this.rows = this.classes + problem.places.length + 1;
    this.flightRow = this.rows - 1;
    /** Option per column; for the columns of those who are left at the scene -1 - class. */
    this.options = [];
    this.isIn = new Uint8Array(problem.cost.length);
  }

  get count() {
    return this.options.length;
  }

  rowBounds() {
    const { demand, places, flights } = this.problem;
    const upper = Float64Array.from([...demand, ...places, flights]);
    const lower = new Float64Array(this.rows).fill(-Infinity);
    lower.set(demand);
    return { rowLower: lower, rowUpper: upper };
  }

  /** The cheapest options of every class, and for each the column of those left. */
  start() {
    const { from, cost, startWith } = this.problem;
    const joining = [];
    for (let c = 0; c < this.classes; c++) {
      const options = range(from[c], from[c + 1]).sort((a, b) => cost[a] - cost[b] || a - b);
      joining.push(-1 - c, ...options.slice(0, startWith));
    }
    return this.add(joining);
  }

  /**
   * The most promising options of every class at these duals; none when no option of all can make the plan cheaper.
   * `lowest` is the sum over all patients of the lowest reduced cost, which bounds what could still be gained.
   */
  price(duals, mostPerClass = JOINING, below = -TOLERANCE) {
    const { from, demand } = this.problem;
    const joining = [];
    let lowest = 0;
    for (let c = 0; c < this.classes; c++) {
      const found = [];
      let least = 0;
      for (let option = from[c]; option < from[c + 1]; option++) {
        if (this.isIn[option]) continue;
        const reduced = this.#reducedCost(option, c, duals);
        least = Math.min(least, reduced);
        if (reduced < below) found.push([reduced, option]);
      }
      lowest += demand[c] * least;
      found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      for (const [, option] of found.slice(0, mostPerClass)) joining.push(option);
    }
    return { joining, lowest };
  }

  /** Takes options in, and gives their columns as the solver wants them. */
  add(joining) {
    const { cost, seat, flown, leaveCost } = this.problem;
    const starts = new Int32Array(joining.length + 1);
    const indices = [];
    for (const [place, option] of joining.entries()) {
      this.options.push(option);
      if (option < 0) indices.push(-1 - option);
      else {
        this.isIn[option] = 1;
        indices.push(this.#classOf(option), this.classes + seat[option]);
        if (flown[option]) indices.push(this.flightRow);
      }
      starts[place + 1] = indices.length;
    }
    const numCols = joining.length;
    return {
      cost: Float64Array.from(joining, (option) =>
        option < 0 ? leaveCost[-1 - option] : cost[option],
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
    };
  }

  #reducedCost(option, c, duals) {
    const { cost, seat, flown } = this.problem;
    const flight = flown[option] ? duals[this.flightRow] : 0;
    return cost[option] - duals[c] - duals[this.classes + seat[option]] - flight;
  }

  #classOf(option) {
    const { from } = this.problem;
    let low = 0;
    let high = this.classes;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (from[middle] <= option) low = middle;
      else high = middle;
    }
    return low;
  }
}

function range(from, to) {
  return Array.from({ length: to - from }, (_, place) => from + place);
}
