import { fromNow } from '../../../../shared/testing/now.js';
import { DAY_MS } from '../../../../shared/time/rules.js';
import type { RequestSupplyInput, SupplyRequestStatus } from '../../generated/graphql.js';
import { refusalIfOver, refusalIfOwn, requestFault, unknownRequest } from './rules.js';

const LINE = { item: 'i', quantity: 10, unit: 'PACK' as const };
const input = (changes: Partial<RequestSupplyInput> = {}): RequestSupplyInput => ({
  facility: 'f',
  neededUntil: fromNow(DAY_MS),
  reason: 'mass casualties',
  lines: [LINE],
  idempotencyKey: 'k',
  ...changes,
});
const withLine = (changes: Partial<RequestSupplyInput['lines'][number]>) =>
  input({ lines: [{ ...LINE, ...changes }] });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

test.each<[string, RequestSupplyInput]>([
  ['of one line', input()],
  ['of 50 lines', input({ lines: ids(50).map(() => LINE) })],
  ['with a reason of 500 characters', input({ reason: 'r'.repeat(500) })],
  ['for a thousandth', withLine({ quantity: 0.001 })],
  ['to nobody in particular', withLine({ organisations: null, facilities: null })],
  ['to 20 organisations and 20 facilities', withLine(addressees(20, 20))],
])('a request %s is accepted', (_, request) => {
  expect(requestFault(request)).toBeUndefined();
});

test.each<[string, RequestSupplyInput, string]>([
  ['without a line', input({ lines: [] }), '1 to 50 lines; received 0'],
  ['of 51 lines', input({ lines: ids(51).map(() => LINE) }), '1 to 50 lines; received 51'],
  ['without a reason', input({ reason: '\n' }), 'received nothing'],
  ['with a reason of 501 characters', input({ reason: 'r'.repeat(501) }), 'received 501'],
  ['for nothing', withLine({ quantity: 0 }), 'lines[0]: quantity is greater than 0'],
  ['for a part of a thousandth', withLine({ quantity: 0.0001 }), 'lines[0]: quantity lies'],
  ['to 21 organisations', withLine(addressees(21, 0)), 'lines[0]: organisations and facilities'],
  ['to 21 facilities', withLine(addressees(0, 21)), 'at most 20 entries each; received 21'],
  [
    'whose second line is wrong',
    input({ lines: [LINE, { ...LINE, quantity: -1 }] }),
    'lines[1]: quantity is greater than 0; received -1',
  ],
])('a request %s has a fault', (_, request, message) => {
  expect(requestFault(request)).toContain(message);
});

/** Written by hand: in which status nothing more is done to a request. */
const IS_OVER: Record<SupplyRequestStatus, boolean> = {
  REQUESTED: false,
  ACKNOWLEDGED: false,
  PARTLY_COMMITTED: false,
  COMMITTED: false,
  DISPATCHED: false,
  RECEIVED: true,
  CANCELLED: true,
};
test.each(Object.entries(IS_OVER))('whether a request that is %s is over is %s', (name, over) => {
  const status = name as SupplyRequestStatus;
  const refusal = refusalIfOver({ id: 'r', status });
  if (!over) expect(refusal).toBeUndefined();
  else {
    expect(refusal).toMatchObject({
      __typename: 'SupplyRequestEnded',
      supplyRequest: { id: 'r' },
      message: expect.stringContaining(`The request is ${status}`),
    });
  }
});

test('the person who made a request does not acknowledge it, and a colleague does', () => {
  const request = { id: 'r', requestedBy: 'pharmacist' };
  expect(refusalIfOwn(request, 'pharmacist')).toMatchObject({
    __typename: 'OwnSupplyRequest',
    supplyRequest: { id: 'r' },
  });
  expect(refusalIfOwn(request, 'crisis staff')).toBeUndefined();
});

test('a refusal repeats at most 100 characters of an unknown id in its sentence', () => {
  const id = 'x'.repeat(200);
  expect(unknownRequest(id)).toMatchObject({
    __typename: 'UnknownSupplyRequest',
    supplyRequestId: id,
    message: expect.stringContaining(` ${'x'.repeat(100)} `),
  });
});

function addressees(organisations: number, facilities: number) {
  return { organisations: ids(organisations), facilities: ids(facilities) };
}
