import { availableOf, isCountable, neededOf } from './units.js';

test.each([
  ['PACK', true],
  ['PIECE', true],
  ['DOSE', true],
  ['LITRE', false],
  ['CUBIC_METRE', false],
  ['KILOGRAM', false],
] as const)('%s is counted in whole numbers: %s', (unit, expected) => {
  expect(isCountable(unit)).toBe(expected);
});

test.each([
  ['PACK', 4.04, 5, 4],
  ['PACK', 4, 4, 4],
  ['PIECE', 0.001, 1, 0],
  ['DOSE', 0.1 + 0.2 + 2.7, 3, 3],
  ['LITRE', 4.04, 4.04, 4.04],
  ['CUBIC_METRE', 0.001, 0.001, 0.001],
] as const)(
  'of %s a need of %s is %s, and of that what is available %s',
  (unit, value, need, has) => {
    expect(neededOf(unit, value)).toBe(need);
    expect(availableOf(unit, value)).toBe(has);
  },
);
