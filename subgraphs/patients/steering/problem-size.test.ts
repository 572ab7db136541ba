import { performance } from 'node:perf_hooks';
import { demandAtScene } from '../allocation/proposals/rules/demand.js';
import {
  largeIncident,
  nearestFitSummary,
  scatteredRows,
  withNearest,
} from '../testing/steering.js';
import { endPlanner, propose } from './propose.js';

afterAll(endPlanner);

test.each([
  [100, 1],
  [1_000, 1],
  [5_000, 5],
  [10_000, 20],
])(
  '%i casualties over %i facilities get the best plan of all, proven',
  async (count, facilities) => {
    const input = largeIncident(count, facilities);
    const { summary, load } = await propose({
      ...input,
      parameters: { ...input.parameters, solverMilliseconds: 6_000 },
    });
    expect(summary).toMatchObject({ method: 'EXACT', optimalityGap: 0, timedOut: false });
    expect(summary.cost).toBeLessThan(nearestFitSummary(input).cost);
    expect(summary.allocated + summary.unallocated).toBe(count);
    for (const { assigned, allowed, limit } of load) {
      expect(assigned).toBeLessThanOrEqual(allowed);
      expect(allowed).toBeLessThanOrEqual(limit);
    }
  },
);

test('10,000 casualties with positions of their own make a problem as large as 50 scenes, and block no other request', async () => {
  const demand = demandAtScene(scatteredRows(10_000), { id: 'i', latitude: 51, longitude: 7 });
  expect(demand.scenes.length).toBeLessThanOrEqual(50);
  const { facilities, ...others } = largeIncident(1, 1);
  const scenes = withNearest(demand.scenes, facilities);
  const input = { ...others, ...demand, facilities, scenes, radiusKm: 100 };
  const before = performance.eventLoopUtilization();
  const { summary } = await propose(input);
  // The remaining time is for other requests: of the whole time this thread only sends the request and receives the
  // plan.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.3);
  expect(summary.patients).toBe(10_000);
});
