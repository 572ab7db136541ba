import fc from 'fast-check';
import { casualty, candidate, nearestFitSummary, scene, steering } from '../testing/steering.js';
import { endPlanner, propose } from './propose.js';
import type { Casualty, CandidateFacility, SteeredCategory, SteeringInput } from './rules/input.js';

afterAll(endPlanner);

const CATEGORIES = ['SK_I', 'SK_II', 'SK_III'] as const;
const category = fc.constantFrom<SteeredCategory>(...CATEGORIES);
const need = fc.constantFrom('BURNS' as const, 'CHILD' as const);
const slots = fc.integer({ min: 0, max: 3 });

const smallInput: fc.Arbitrary<SteeringInput> = fc
  .record({
    casualties: fc.array(
      fc.record({
        scene: fc.constantFrom('a', 'b'),
        category,
        transportPriority: fc.boolean(),
        needs: fc.uniqueArray(need, { maxLength: 1 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    facilities: fc.array(
      fc.record({
        north: fc.integer({ min: -90, max: 90 }),
        slots: fc.record({ SK_I: slots, SK_II: slots, SK_III: slots }),
        isTraumaCentre: fc.boolean(),
        helipad: fc.boolean(),
        capabilities: fc.uniqueArray(need, { maxLength: 2 }),
        practice: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    flights: fc.nat(2),
    wave: fc.integer({ min: 1, max: 3 }),
  })
  .map((made) =>
    steering({
      scenes: [scene('a', 0), scene('b', 20)],
      casualties: made.casualties.map((one) => casualty(one)),
      facilities: made.facilities.map(({ north, slots: free, practice, ...rest }, n) =>
        candidate(`h${n}`, north, free, { ...rest, kind: practice ? 'PRACTICE' : 'HOSPITAL' }),
      ),
      flights: made.flights,
      wave: made.wave,
      parameters: { waveSkI: 1, waveSkII: 1, waveSkIII: 2, downgrade: 'NEVER' },
    }),
  );

/** The rules once more, written for one patient at a time and for nothing but being obviously right. */
function bruteForce({ scenes, casualties, facilities, flights, wave, parameters }: SteeringInput) {
  const weights = { SK_I: 10, SK_II: 3, SK_III: 1 };
  const weightOf = (patient: Casualty) =>
    weights[patient.category as SteeredCategory] * (patient.transportPriority ? 1.5 : 1);
  const given: Record<SteeredCategory, number[]>[] = facilities.map(() => ({
    SK_I: [],
    SK_II: [],
    SK_III: [],
  }));
  const share = {
    SK_I: parameters.waveSkI,
    SK_II: parameters.waveSkII,
    SK_III: parameters.waveSkIII,
  };
  // A helping more is 39 minutes for the next 30 km, and one.
  const helpings = () =>
    given.reduce(
      (sum, assigned) =>
        sum +
        CATEGORIES.reduce((all, one) => {
          const heaviestFirst = [...assigned[one]].sort((a, b) => b - a);
          return (
            all +
            heaviestFirst.reduce(
              (rest, weight, n) => rest + weight * 40 * Math.floor(n / share[one]),
              0,
            )
          );
        }, 0),
      0,
    );
  const assign = (n: number, flightsLeft: number): number => {
    const patient = casualties[n];
    if (!patient) return helpings();
    const weight = weightOf(patient);
    let least = weight * 10_000 + assign(n + 1, flightsLeft);
    for (const [h, one] of facilities.entries()) {
      for (const isFlown of [false, true]) {
        if (isFlown && (flightsLeft === 0 || !one.helipad || patient.category === 'SK_III'))
          continue;
        const assigned = given[h]![patient.category as SteeredCategory];
        const free = one.intake.find((intake) => intake.category === patient.category)!.free;
        if (
          !suits(one, patient) ||
          assigned.length >= Math.min(free, wave * share[patient.category as SteeredCategory])
        )
          continue;
        assigned.push(weight);
        const cost =
          weight * minutesTo(one, patient, isFlown) + assign(n + 1, flightsLeft - Number(isFlown));
        least = Math.min(least, cost);
        assigned.pop();
      }
    }
    return least;
  };
  const minutesTo = (one: CandidateFacility, patient: Casualty, isFlown: boolean) => {
    const from = scenes.find(({ id }) => id === patient.scene)!.position.latitude;
    const kilometres = Math.abs(one.position.latitude - from) * ((6371 * Math.PI) / 180);
    const minutes = isFlown ? (kilometres / 220) * 60 : kilometres * 1.3;
    const preferred = patient.category === 'SK_III' && one.kind === 'HOSPITAL' ? 20 : 0;
    return Math.round(minutes * 10) / 10 + preferred;
  };
  return assign(0, flights);
}

function suits(one: CandidateFacility, { category: of, needs }: Casualty): boolean {
  if (of === 'SK_I' && !one.isTraumaCentre) return false;
  if (of !== 'SK_III' && one.kind === 'PRACTICE') return false;
  return needs.every((wanted) => one.capabilities.includes(wanted));
}

test('no plan is cheaper: every other assignment was tried', async () => {
  await fc.assert(
    fc.asyncProperty(smallInput, async (input) => {
      const { summary } = await propose(input);
      expect(summary.method).toBe('EXACT');
      expect(summary.cost).toBeCloseTo(bruteForce(input), 0);
    }),
    { numRuns: 150, seed: 11 },
  );
});

test('nearest fit is dearer where the first patient takes what only the second can use', async () => {
  const input = steering({
    casualties: [
      casualty({ triagedAt: '2026-11-21T12:00:00.000Z' }),
      casualty({ triagedAt: '2026-11-21T12:05:00.000Z', needs: ['NEUROSURGERY'] }),
    ],
    facilities: [
      candidate('near', 10, { SK_I: 1 }, { capabilities: ['NEUROSURGERY'] }),
      candidate('next', 12, { SK_I: 1 }),
      candidate('far', 100, { SK_I: 1 }, { capabilities: ['NEUROSURGERY'] }),
    ],
  });
  const best = await propose(input);
  expect(best.summary.weightedMinutes).toBe(10 * (13 + 15.6));
  expect(nearestFitSummary(input).weightedMinutes).toBe(10 * (13 + 130));
  const [first] = best.assignments;
  expect(first).toMatchObject({
    facility: 'next',
    reasons: [{ code: 'BEST_FOR_ALL' }, { code: 'NEEDS_MET' }],
  });
  expect(first!.rejected[0]).toMatchObject({ facility: 'near', code: 'PLACES_GIVEN' });
});
