import { largeIncident } from '../testing/steering.js';
import { endSolver, propose, proposeNearest } from './propose.js';

afterAll(endSolver);

test.each([
  [100, 1],
  [1_000, 1],
  [5_000, 5],
  [10_000, 20],
])('%i casualties over %i places get the best plan of all, proven', async (count, places) => {
  const input = largeIncident(count, places);
  const { summary, load } = await propose({
    ...input,
    parameters: { ...input.parameters, solverMilliseconds: 50_000 },
  });
  expect(summary).toMatchObject({ method: 'EXACT', optimalityGap: 0, timedOut: false });
  expect(summary.cost).toBeLessThan(proposeNearest(input).summary.cost);
  expect(summary.allocated + summary.unallocated).toBe(count);
  for (const { assigned, allowed, limit } of load) {
    expect(assigned).toBeLessThanOrEqual(allowed);
    expect(allowed).toBeLessThanOrEqual(limit);
  }
});
