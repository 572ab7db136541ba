import { patientsAboveLimits, type PlanEntry } from './nearest-fit.js';

const entry = (
  facility: string | null,
  minutes: number,
  rejected: PlanEntry['rejected'] = [],
): PlanEntry => ({
  category: 'SK_I',
  facility,
  minutes,
  rejected,
});
const full = { facility: 'near', minutes: 5, code: 'PLACES_GIVEN' };

test('sending everybody to the nearest suitable facility overloads it by those above its limit', () => {
  const unfit = { facility: 'next door', minutes: 1, code: 'NEED_UNMET' };
  const judged = [
    entry('near', 5, [unfit]),
    entry('far', 20, [unfit, full]),
    entry(null, 0, [full]),
    entry('far', 20),
  ];
  const limits = new Map([
    ['near SK_I', 1],
    ['far SK_I', 1],
  ]);
  expect(patientsAboveLimits(judged, limits)).toBe(2);
});

test('where everybody was given the nearest facility nothing is overloaded', () => {
  const farther = { facility: 'far', minutes: 9, code: 'FARTHER' };
  expect(patientsAboveLimits([entry('near', 5, [farther])], new Map([['near SK_I', 1]]))).toBe(0);
});
