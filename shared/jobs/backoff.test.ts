import { backoffSeconds } from './backoff.js';

test.each([
  [1, 10],
  [2, 20],
  [3, 40],
  [4, 60],
  [5, 60],
  [2_000, 60],
])('the pause after attempt %i is %i s at most and half of it at least', (attempt, longest) => {
  expect(backoffSeconds(attempt, 0)).toBe(longest);
  expect(backoffSeconds(attempt, 1)).toBe(longest / 2);
});
