import { shownCount, shownSum } from './rules.js';

test.each([
  [25, 25],
  [100, 100],
  [101, 110],
  [99.001, 100],
  [1_249, 1_300],
  [0.123, 0.13],
  [0.3, 0.3],
])('a need of %s is shown as %s', (sum, expected) => {
  expect(shownSum(sum)).toBe(expected);
});

test.each([
  [3, 3],
  [5, 3],
  [6, 6],
  [10, 6],
  [11, 11],
  [400, 11],
])('%s contributors are shown as at least %s', (contributors, expected) => {
  expect(shownCount(contributors)).toBe(expected);
});
