import type { ApprovalLevel } from '../../generated/graphql.js';
import { levelToApprove } from './rules.js';

const given = (level: ApprovalLevel, area = '05315', by: string = level) => ({ level, area, by });

test('a caller approves for the first missing level that they speak for', () => {
  expect(levelToApprove(['ORIGIN', 'DESTINATION'], ['ORIGIN_SPOC', 'DESTINATION'], [], 'a')).toBe(
    'DESTINATION',
  );
});

test('a level approves once', () => {
  expect(levelToApprove(['ORIGIN'], ['ORIGIN_SPOC'], [given('ORIGIN')], 'b')).toEqual({
    fault: 'GIVEN_ALREADY',
  });
});

test('three levels are three people, whatever offices one of them holds', () => {
  const first = given('ORIGIN', '05315', 'a');
  expect(levelToApprove(['ORIGIN_SPOC'], ['ORIGIN_SPOC'], [first], 'a')).toEqual({
    fault: 'SAME_PERSON',
  });
});
