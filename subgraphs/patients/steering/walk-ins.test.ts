import { casualties, candidate, scene, steering, type Part } from '../testing/steering.js';
import { endPlanner, propose } from './propose.js';

afterAll(endPlanner);

const near = candidate('near', 2, { SK_II: 12 });
const far = candidate('far', 60, { SK_II: 40 });
const allowedAt = async (facility: string, part: Part) => {
  const parameters = { walkInSkII: 0.1, waveSkII: 100, ...part.parameters };
  const { load } = await propose(steering({ facilities: [near, far], ...part, parameters }));
  return load.find((one) => one.facility === facility)?.allowed;
};

test('many small scenes expect together what none of them would alone', async () => {
  const scenes = [0, 0.1, 0.2, 0.3, 0.4].map((km) => scene(`at ${km}`, km));
  const four = scenes.flatMap(({ id }) => casualties(4, { category: 'SK_II', scene: id }));
  expect(await allowedAt('near', { scenes, casualties: four })).toBe(10);
  expect(await allowedAt('near', { casualties: casualties(20, { category: 'SK_II' }) })).toBe(10);
});

test('people walk to the nearest hospital also when the dispatcher leaves it out or plans for another area', async () => {
  const some = casualties(20, { category: 'SK_II' });
  expect(await allowedAt('far', { casualties: some, without: ['near'] })).toBe(40);
  const input = steering({ casualties: some, facilities: [near, far] });
  const { load } = await propose({
    ...input,
    facilities: [far],
    parameters: { ...input.parameters, walkInSkII: 0.1, waveSkII: 100 },
  });
  expect(load).toMatchObject([{ facility: 'far', allowed: 40 }]);
});

test('a patient who is left because the remaining slots are kept for walk-ins gets that reason', async () => {
  const plan = await propose(
    steering({
      casualties: casualties(20, { category: 'SK_II' }),
      facilities: [near],
      parameters: { walkInSkII: 0.1, waveSkII: 100 },
    }),
  );
  expect(plan.summary.allocated).toBe(10);
  expect(new Set(plan.unallocated.map(({ code }) => code))).toEqual(new Set(['KEPT_FOR_WALK_INS']));
});
