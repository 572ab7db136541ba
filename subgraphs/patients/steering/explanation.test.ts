import { casualties, casualty, candidate, steering, type Part } from '../testing/steering.js';
import { endPlanner, propose } from './propose.js';

afterAll(endPlanner);

const codesOf = async (part: Part) => {
  const { assignments } = await propose(steering(part));
  return assignments.map(({ facility, reasons }) => [facility, ...reasons.map(({ code }) => code)]);
};

describe('A burnt patient, and a facility that could treat them but is full,', () => {
  const burnt = casualty({ category: 'SK_II', needs: ['BURNS'] });
  const full = candidate('full', 10, { SK_II: 0 }, { capabilities: ['BURNS'] });
  const lesser = candidate('lesser', 20, { SK_II: 4 });
  const on = (part: Part) =>
    propose(steering({ casualties: [burnt], facilities: [full, lesser], ...part }));

  test('waits for a slot of it: the plan does not say that no facility in reach meets the needs', async () => {
    expect((await on({})).unallocated).toMatchObject([{ code: 'NO_PLACE_LEFT' }]);
  });

  test('goes to a lesser one where policy says so, and the plan says that those that meet the needs are full', async () => {
    const { assignments } = await on({ parameters: { downgrade: 'WHEN_NONE_FREE' } });
    const [{ facility, reasons }] = assignments as [(typeof assignments)[0]];
    expect([facility, reasons[0]!.code]).toEqual(['lesser', 'NO_SPECIALIST_FREE']);
    expect(reasons[0]!.message).toContain('have no free slot');
  });

  test('goes to a lesser one where the other is excluded', async () => {
    const { assignments } = await on({ without: ['full'] });
    expect(assignments[0]!.reasons[0]).toMatchObject({ code: 'NO_SPECIALIST_IN_REACH' });
  });
});

test('BEST_FOR_ALL is said of nearer facilities, whether they are shown or not, and never because of farther ones', async () => {
  const near = candidate('near', 10, { SK_I: 1 });
  const next = candidate('next', 12, { SK_I: 1 });
  const two = casualties(2);
  const expected = [
    ['near', 'NEAREST_WITH_A_PLACE', 'NEEDS_MET'],
    ['next', 'BEST_FOR_ALL', 'NEEDS_MET'],
  ];
  expect(await codesOf({ casualties: two, facilities: [near, next] })).toEqual(expected);
  const parameters = { rejectedAlternatives: 0 };
  expect(await codesOf({ casualties: two, facilities: [near, next], parameters })).toEqual(
    expected,
  );
});

test('a nearer hospital that is left free for others makes a practice neither nearest nor best for all', async () => {
  const facilities = [
    candidate('hospital', 5, { SK_III: 12 }),
    candidate('practice', 10, { SK_III: 12 }, { kind: 'PRACTICE' }),
  ];
  expect(await codesOf({ casualties: casualties(1, { category: 'SK_III' }), facilities })).toEqual([
    ['practice', 'AMBULATORY'],
  ]);
});

test('a planning number that stands in for a declared intake is named as such', async () => {
  const modelled = candidate('a', 10, { SK_I: 1 });
  const intake = modelled.intake.map((one) => ({ ...one, method: 'MODELLED' as const }));
  const plan = await propose(
    steering({ casualties: casualties(1), facilities: [{ ...modelled, intake }] }),
  );
  expect(plan.assignments[0]!.reasons.map(({ code }) => code)).toContain('MODELLED_INTAKE');
  expect(plan.load).toMatchObject([{ facility: 'a', method: 'MODELLED' }]);
});

test('a hospital that has said nothing of the category is named as such, a practice is no alternative for SK I', async () => {
  const facilities = [
    candidate('practice', 1, { SK_III: 5 }, { kind: 'PRACTICE' }),
    candidate('silent', 2, { SK_III: 5 }),
    candidate('open', 20, { SK_I: 1 }),
  ];
  const [assignment] = (await propose(steering({ casualties: casualties(1), facilities })))
    .assignments;
  expect(assignment!.rejected).toMatchObject([{ facility: 'silent', code: 'NOT_REPORTED' }]);
});

test('for who is flown, facilities lie farther by kilometres, because minutes by road do not compare', async () => {
  const facilities = [
    candidate('noPad', 60, { SK_I: 1 }),
    candidate('pad', 100, { SK_I: 1 }, { helipad: true }),
    candidate('farther', 130, { SK_I: 1 }, { helipad: true }),
  ];
  const [flown] = (await propose(steering({ casualties: casualties(1), facilities, flights: 1 })))
    .assignments;
  expect(flown).toMatchObject({ facility: 'pad', means: 'RTH', minutes: 27.3 });
  const farther = flown!.rejected.find(({ facility }) => facility === 'farther');
  expect(farther).toMatchObject({
    code: 'FARTHER',
    message: expect.stringContaining('30 kilometres'),
  });
  const noPad = flown!.rejected.find(({ facility }) => facility === 'noPad');
  expect(noPad!.code).toBe('SLOWER_FOR_ALL');
});

test('a patient with a transfer that no facility has accepted is listed with the next step, and occupies no slot', async () => {
  const refused = casualty({ facilityRefused: true });
  const hopeless = casualty({ category: 'SK_IV', facilityRefused: true });
  const plan = await propose(
    steering({
      casualties: [refused, hopeless, casualty({ id: 'other' })],
      facilities: [candidate('a', 5, { SK_I: 1 })],
      wave: 2,
    }),
  );
  expect(plan.assignments).toMatchObject([{ patient: 'other', facility: 'a' }]);
  expect(plan.unallocated.map(({ code }) => code)).toEqual(['HOUSE_REFUSED', 'HOUSE_REFUSED']);
  expect(plan.unallocated[0]!.message).toContain('cancel the transfer');
});

test('modelled properties of the chosen facility are the first reason', async () => {
  const intake = candidate('a', 10, { SK_I: 1 }).intake;
  const modelled = candidate(
    'a',
    10,
    { SK_I: 1 },
    {
      capabilitiesModelled: true,
      intake: intake.map((one) => ({ ...one, method: 'MODELLED' as const })),
    },
  );
  const { reasons } = (
    await propose(steering({ casualties: casualties(1), facilities: [modelled] }))
  ).assignments[0]!;
  expect(reasons.slice(0, 2).map(({ code }) => code)).toEqual([
    'MODELLED_CAPABILITIES',
    'MODELLED_INTAKE',
  ]);
  for (const { message } of reasons.slice(0, 2)) expect(message).toMatch(/^Modelled/);
});

test('nothing is called modelled where nothing that is modelled was used', async () => {
  const facilities = [candidate('a', 10, { SK_II: 1 }, { capabilitiesModelled: true })];
  const plan = await propose(
    steering({ casualties: casualties(1, { category: 'SK_II' }), facilities }),
  );
  expect(plan.assignments[0]!.reasons.map(({ code }) => code)).not.toContain(
    'MODELLED_CAPABILITIES',
  );
});
