import type { ApprovalLevel, TransferKind } from '../../../generated/graphql.js';
import { areaOfApproval, missingApprovals, stillMissing } from './approval-levels.js';

const ends = (kind: TransferKind, toArea: string | null = '09162') => ({
  kind,
  fromArea: '05315',
  toArea,
});
const given = (level: ApprovalLevel, area = '05315', by: string = level) => ({ level, area, by });

test.each<[TransferKind, ApprovalLevel[]]>([
  ['PRIMARY', []],
  ['SECONDARY', ['ORIGIN']],
  ['CAPACITY', ['ORIGIN']],
  ['REHABILITATION', ['ORIGIN']],
  ['RETURN', ['ORIGIN']],
  ['EVACUATION', ['ORIGIN']],
  ['STRATEGIC', ['ORIGIN', 'ORIGIN_SPOC', 'DESTINATION']],
  ['INTERNATIONAL', ['ORIGIN', 'ORIGIN_SPOC', 'DESTINATION']],
])('%s needs %j', (kind, levels) => {
  expect(missingApprovals(ends(kind), [])).toEqual(levels);
});

test('an approval that was given is not missing', () => {
  const all = [given('ORIGIN'), given('ORIGIN_SPOC'), given('DESTINATION', '09')];
  expect(missingApprovals(ends('STRATEGIC'), all)).toEqual([]);
});

test('another facility in the same Land needs no new approval, one in another Land does', () => {
  const all = [given('ORIGIN'), given('ORIGIN_SPOC'), given('DESTINATION', '09')];
  expect(missingApprovals(ends('STRATEGIC', '09761'), all)).toEqual([]);
  expect(missingApprovals(ends('STRATEGIC', '14612'), all)).toEqual(['DESTINATION']);
});

test('the origin receives the patient again without approval', () => {
  const back = { ...ends('STRATEGIC', '05315'), fromFacility: 'a', toFacility: 'a' };
  expect(stillMissing(back, [])).toEqual([]);
  const on = { ...back, toFacility: 'b' };
  expect(stillMissing(on, [])).toEqual(['ORIGIN', 'ORIGIN_SPOC', 'DESTINATION']);
  expect(stillMissing({ ...on, fromFacility: null, toFacility: null }, [])).toHaveLength(3);
});

test('an approval holds for the origin’s Kreis or the receiving Land', () => {
  expect(areaOfApproval('ORIGIN', ends('STRATEGIC'))).toBe('05315');
  expect(areaOfApproval('DESTINATION', ends('STRATEGIC'))).toBe('09');
  expect(areaOfApproval('DESTINATION', ends('STRATEGIC', null))).toBeUndefined();
});
