import { NOW } from '../../../../shared/testing/now.js';
import { purposeFault, waitSeconds } from './rules.js';

const expected = 'purpose states the purpose in 5 to 500 characters for the audit';

test.each([
  ['', { code: 'FORBIDDEN', message: `${expected}; received nothing.` }],
  ['    ', { code: 'FORBIDDEN', message: `${expected}; received nothing.` }],
  ['why?', `${expected}; received 4.`],
  ['why? ', `${expected}; received 4.`],
  ['x'.repeat(501), `${expected}; received 501.`],
  ['call of the family', undefined],
  ['x'.repeat(500), undefined],
])('the purpose "%s" has the fault %j', (purpose, fault) => {
  expect(purposeFault('purpose', purpose)).toEqual(fault);
});

const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

test.each([
  [0, null, undefined],
  [29, ago(1), undefined],
  [30, ago(59), 1],
  [30, ago(0), 60],
])('after %d searches since %p the next one waits %p seconds', (searches, oldest, wait) => {
  expect(waitSeconds(searches, oldest, NOW)).toBe(wait);
});
