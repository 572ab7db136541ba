import { purposeFault, waitSeconds } from './rules.js';

test.each([
  ['', 'FORBIDDEN'],
  ['    ', 'FORBIDDEN'],
  ['why?', 'BAD_USER_INPUT'],
  ['why? ', 'BAD_USER_INPUT'],
  ['x'.repeat(501), 'BAD_USER_INPUT'],
  ['call of the family', undefined],
  ['x'.repeat(500), undefined],
])('the purpose "%s" has the fault %s', (purpose, code) => {
  expect(purposeFault('purpose', purpose)?.code).toBe(code);
});

const NOW = new Date('2026-01-15T09:00:00.000Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

test.each([
  [0, null, undefined],
  [29, ago(1), undefined],
  [30, ago(59), 1],
  [30, ago(0), 60],
])('after %d searches since %p the next one waits %p seconds', (searches, oldest, wait) => {
  expect(waitSeconds(searches, oldest, NOW)).toBe(wait);
});
