import fc from 'fast-check';
import { MINUTE_MS } from '../../../../shared/time/rules.js';
import type { Problem } from '../rules/problem.js';
import { NoSolution, Solver } from './solver.js';

const solver = new Solver();
afterAll(() => solver.close());

interface Small {
  demand: number[];
  slots: number[];
  /** By class: options as [group, cost, flown]. */
  options: [number, number, boolean][][];
  flights: number;
}

const small = fc.record({
  demand: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 3 }),
  slots: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
  options: fc.array(
    fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 60 }), fc.boolean()), { maxLength: 5 }),
    { minLength: 3, maxLength: 3 },
  ),
  flights: fc.nat(2),
});

const LEAVE = 1_000;

function problemFrom({ demand, slots, options, flights }: Small, startWith: number): Problem {
  const all = options.flat();
  return {
    classes: Int32Array.from(demand.keys()),
    demand: Int32Array.from(demand),
    leaveCost: new Float64Array(demand.length).fill(LEAVE),
    startWith,
    from: Int32Array.from([0, 1, 2, 3], (c) => options.slice(0, c).flat().length),
    group: Int32Array.from(all, ([group]) => group),
    cost: Float64Array.from(all, ([, cost]) => cost),
    flown: Uint8Array.from(all, ([, , flown]) => Number(flown)),
    slots: Int32Array.from(slots),
    flights,
  };
}

/** The lowest cost of all assignments, by trying every one. */
function bruteForce({ demand, slots, options, flights }: Small): number {
  const patients = demand.flatMap((count, c) => Array.from({ length: count }, () => c));
  const assign = (patient: number, left: readonly number[], flightsLeft: number): number => {
    const c = patients[patient];
    if (c === undefined) return 0;
    const costs = options[c]!.filter(
      ([group, , flown]) => left[group]! > 0 && (!flown || flightsLeft > 0),
    ).map(([group, cost, flown]) => {
      const rest = left.map((free, one) => (one === group ? free - 1 : free));
      return cost + assign(patient + 1, rest, flightsLeft - Number(flown));
    });
    return Math.min(LEAVE + assign(patient + 1, left, flightsLeft), ...costs);
  };
  return assign(0, slots, flights);
}

test('the solver finds what trying every assignment finds, whatever limits cut across, and proves it', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (one) => {
      const [solution] = await solver.solve([problemFrom(one, 1)], MINUTE_MS);
      expect(solution!.objective).toBeCloseTo(bruteForce(one), 6);
      expect(solution!.status).toBe('OPTIMAL');
    }),
    { numRuns: 200, seed: 6 },
  );
});

test('the solver gives the same optimum whether it starts with one option of each class or with all', async () => {
  await fc.assert(
    fc.asyncProperty(small, async (one) => {
      const solutions = await solver.solve([problemFrom(one, 1), problemFrom(one, 99)], MINUTE_MS);
      expect(solutions[0]!.objective).toBeCloseTo(solutions[1]!.objective, 6);
    }),
    { numRuns: 100, seed: 7 },
  );
});

/** Its relaxed optimum flies half a patient: only with whole numbers demanded is it an assignment. */
const PARTS: Small = {
  demand: [1, 2, 2],
  slots: [2, 1, 0],
  flights: 1,
  options: [
    [
      [2, 31, false],
      [1, 16, false],
      [1, 54, true],
      [0, 3, true],
      [1, 45, false],
    ],
    [
      [0, 54, false],
      [2, 8, false],
      [1, 38, true],
    ],
    [],
  ],
};

test('the solver flies no half patients', async () => {
  const [solution] = await solver.solve([problemFrom(PARTS, 99)], MINUTE_MS);
  expect(solution).toMatchObject({ status: 'OPTIMAL', objective: bruteForce(PARTS) });
});

/** The options that the relaxed optimum needs hold no more than 74; one that it passes by makes 67. */
const PASSED_BY: Small = {
  demand: [1, 1, 1],
  slots: [2, 2, 1],
  flights: 2,
  options: [
    [
      [0, 53, true],
      [0, 60, false],
      [2, 5, true],
    ],
    [
      [2, 16, false],
      [1, 40, true],
      [0, 10, true],
      [2, 14, false],
    ],
    [
      [1, 52, true],
      [0, 2, true],
      [0, 24, true],
      [2, 58, false],
      [2, 4, false],
    ],
  ],
};

test('the solver finds whole plans among options that the relaxed optimum passes by', async () => {
  const [solution] = await solver.solve([problemFrom(PASSED_BY, 1)], MINUTE_MS);
  expect(solution).toMatchObject({ status: 'OPTIMAL', objective: 67 });
});

test('the solver finds nothing when it has no time, and says so', async () => {
  const [solution] = await solver.solve([problemFrom(PARTS, 99)], 0);
  expect(solution).toMatchObject({ status: 'NONE', bound: -Infinity });
  expect(solution!.options).toHaveLength(0);
});

test('a crash of the thread is reported, and a new thread solves the next problem', async () => {
  const broken = { ...problemFrom(PARTS, 99), group: Int32Array.of(1e9) };
  await expect(solver.solve([broken], MINUTE_MS)).rejects.toThrow(NoSolution);
  const [solution] = await solver.solve([problemFrom(PARTS, 99)], MINUTE_MS);
  expect(solution!.status).toBe('OPTIMAL');
});

test('requests at the same time are solved one after the other', async () => {
  const solutions = [PARTS, { ...PARTS, flights: 3 }].map((one) =>
    solver.solve([problemFrom(one, 99)], MINUTE_MS),
  );
  const objectives = (await Promise.all(solutions)).map(([solution]) => solution!.objective);
  expect(objectives).toEqual([bruteForce(PARTS), bruteForce({ ...PARTS, flights: 3 })]);
});

test('time in the queue counts: a request whose time is up before it begins gets nothing', async () => {
  const own = new Solver();
  // Loading the solver takes the first longer than the second has.
  const solutions = [MINUTE_MS, 40].map((milliseconds) =>
    own.solve([problemFrom(PARTS, 99)], milliseconds),
  );
  const statuses = (await Promise.all(solutions)).map(([solution]) => solution!.status);
  expect(statuses).toEqual(['OPTIMAL', 'NONE']);
  await own.close();
});
