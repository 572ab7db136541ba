import type { HoldBedsInput, Phase } from '../generated/graphql.js';
import { countFault, faultInHolding, isCounting, judgeHolding, judgeRelease } from './rules.js';

test.each<[Phase, Phase, boolean]>([
  ['EVERYDAY', 'MASS_CASUALTY', false],
  ['MASS_CASUALTY', 'MASS_CASUALTY', true],
  ['STATE_OF_DEFENCE', 'MASS_CASUALTY', true],
  ['CATASTROPHE', 'ALLIANCE_CASE', false],
])('in %s beds that count from %s on count: %s', (inForce, countsFrom, expected) => {
  expect(isCounting({ countsFrom }, inForce)).toBe(expected);
});

test.each([
  [1, false],
  [5_000, false],
  [0, true],
  [-1, true],
])('%i beds are no number to hold or to release: %s', (count, isFault) => {
  expect(countFault(count) !== undefined).toBe(isFault);
});

const slotRequest = { count: 1, countsFrom: 'PANDEMIC' } as HoldBedsInput;

test('a request to hold names at least one bed and a phase beyond everyday work', () => {
  expect(faultInHolding(slotRequest)).toBeUndefined();
  expect(faultInHolding({ ...slotRequest, count: 0 })).toContain('received 0');
  expect(faultInHolding({ ...slotRequest, countsFrom: 'EVERYDAY' })).toContain('EVERYDAY');
});

test.each([
  [3, 3, 0, undefined],
  [3, 2, 0, 2],
  [1, 0, 0, 0],
  [3, 5, 2, undefined],
  [4, 5, 2, 3],
  [1, 2, 5, 0],
  [1, null, 0, null],
])('%i of %s free beds, %i of them claimed by older holds', (count, free, counting, left) => {
  const refusal = judgeHolding({ count }, { free, counting });
  if (left === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ __typename: 'TooFewToHold', requested: count, free: left });
});

test.each([
  [1, 1, true],
  [2, 5, true],
  [1, 0, false],
  [6, 5, false],
])('%i of %i held beds may be released: %s', (count, remaining, expected) => {
  const refusal = judgeRelease(count, { remaining });
  if (expected) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ __typename: 'HoldExhausted', requested: count, remaining });
});
