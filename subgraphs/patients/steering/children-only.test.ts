import { casualty, candidate, steering } from '../testing/steering.js';
import { endPlanner, propose } from './propose.js';
import type { Plan } from './rules/plan.js';

afterAll(endPlanner);

const facilityOf = ({ assignments }: Plan, patient: string) =>
  assignments.find((one) => one.patient === patient)?.facility;

describe('A facility that treats children only', () => {
  const facilities = [
    candidate(
      'children',
      3,
      { SK_I: 4, SK_II: 4 },
      { capabilities: ['CHILD'], childrenOnly: true },
    ),
    candidate('far', 60, { SK_I: 4, SK_II: 4 }),
  ];

  test('is left out for adults, whatever is waived, and the plan says why', async () => {
    for (const category of ['SK_I', 'SK_II'] as const) {
      const adult = casualty({ id: 'adult', category });
      const plan = await propose(steering({ casualties: [adult], facilities }));
      expect(facilityOf(plan, 'adult')).toBe('far');
      expect(plan.assignments[0]!.rejected).toMatchObject([
        { facility: 'children', code: 'NEED_UNMET', message: 'It treats children only.' },
      ]);
    }
    const alone = await propose(
      steering({
        casualties: [casualty({ id: 'adult', category: 'SK_I' })],
        facilities: [facilities[0]!],
      }),
    );
    expect(alone.assignments).toEqual([]);
  });

  test('takes children', async () => {
    const child = casualty({ id: 'child', category: 'SK_II', needs: ['CHILD'] });
    const plan = await propose(steering({ casualties: [child], facilities }));
    expect(facilityOf(plan, 'child')).toBe('children');
  });
});
