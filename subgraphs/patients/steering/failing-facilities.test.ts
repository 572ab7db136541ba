import { endPlanner, propose } from './propose.js';
import { candidate, casualty, steering } from '../testing/steering.js';

afterAll(endPlanner);

describe('a facility that cannot sustain its care for long', () => {
  const failing = (arriveWithinMinutes: number, kilometres = 5) => ({
    ...candidate('failing', kilometres, { SK_I: 2, SK_II: 2 }, { reasons: ['NOT_SUSTAINABLE'] }),
    arriveWithinMinutes,
  });
  const red = casualty({ id: 'red' });
  const chosenAmong = async (facilities: ReturnType<typeof candidate>[], patient = red) =>
    (await propose(steering({ casualties: [patient], facilities, radiusKm: 200 }))).assignments[0];

  test('is passed by, and the plan says so', async () => {
    const chosen = await chosenAmong([failing(200), candidate('lasting', 20, { SK_I: 2 })]);
    expect(chosen).toMatchObject({
      facility: 'lasting',
      rejected: [{ facility: 'failing', code: 'NOT_SUSTAINABLE' }],
    });
  });

  test('takes SK I whom no other one takes within the hour, and the plan warns', async () => {
    for (const others of [[], [candidate('far', 120, { SK_I: 2 })]]) {
      const chosen = await chosenAmong([failing(200), ...others]);
      expect(chosen).toMatchObject({
        facility: 'failing',
        reasons: expect.arrayContaining([expect.objectContaining({ code: 'FAILURE_SET_ASIDE' })]),
      });
    }
  });

  test('takes nobody who arrives too late before it fails, or after more than an hour', async () => {
    expect(await chosenAmong([failing(3)])).toBeUndefined();
    expect(await chosenAmong([failing(600, 120)])).toBeUndefined();
  });

  test('takes no SK II', async () => {
    const yellow = casualty({ category: 'SK_II' });
    expect(await chosenAmong([failing(200)], yellow)).toBeUndefined();
  });

  test('takes nobody beyond its free slots', async () => {
    const patients = [1, 2, 3].map((n) => casualty({ id: `red ${n}` }));
    const plan = await propose(steering({ casualties: patients, facilities: [failing(200)] }));
    expect(plan.assignments).toHaveLength(2);
  });
});
