import { fromNow, NOW } from '../../../../shared/testing/now.js';
import { MINUTE_MS, YEAR_MS } from '../../../../shared/time/rules.js';
import type { RejectedGoodsHandling } from '../../generated/graphql.js';
import {
  commitmentExceeded,
  dispatchFault,
  judgeReceiptTimes,
  judgeStorage,
  receiptFault,
  rejectionFault,
  returnFault,
  shipmentExceeded,
  unknownShipment,
} from './rules.js';

type Dispatch = Parameters<typeof dispatchFault>[0];
test.each<[string, Dispatch]>([
  ['of a thousandth', { quantity: 0.001 }],
  ['without a batch', { quantity: 1, batch: null }],
  ['of a batch of 50 characters', { quantity: 1, batch: 'b'.repeat(50) }],
])('a dispatch %s is accepted', (_, dispatch) => {
  expect(dispatchFault(dispatch)).toBeUndefined();
});

test.each<[string, Dispatch, string]>([
  ['of nothing', { quantity: 0 }, 'quantity is greater than 0'],
  ['of a part of a thousandth', { quantity: 1.0005 }, 'at most three digits'],
  ['of a nameless batch', { quantity: 1, batch: '' }, 'batch has 1 to 50 characters'],
  ['of a batch of 51 characters', { quantity: 1, batch: 'b'.repeat(51) }, 'received 51'],
])('a dispatch %s has a fault', (_, dispatch, message) => {
  expect(dispatchFault(dispatch)).toContain(message);
});

test.each<[string, Parameters<typeof receiptFault>[0], string | null]>([
  ['without a date', { quantity: 1 }, 'B'],
  ['without a date and a batch', { quantity: 1, usableUntil: null }, null],
])('a receipt %s is accepted', (_, receipt, batch) => {
  expect(receiptFault(receipt, { batch })).toBeUndefined();
});

test.each<[string, Parameters<typeof receiptFault>[0], string | null, string]>([
  ['of nothing', { quantity: 0, usableUntil: NOW }, null, 'quantity is greater than 0'],
  ['with the date of no batch', { quantity: 1, usableUntil: NOW }, null, 'belongs to a batch'],
])('a receipt %s has a fault', (_, receipt, batch, message) => {
  expect(receiptFault(receipt, { batch })).toContain(message);
});

/** Written by hand: what may be done with rejected goods, of a delivery and of a return. */
test.each<[RejectedGoodsHandling, string, boolean, string | undefined]>([
  ['SEND_BACK', 'delivery', false, undefined],
  ['DESTROY', 'delivery', false, undefined],
  ['SEND_BACK', 'return', true, 'A return is not sent back again'],
  ['DESTROY', 'return', true, undefined],
])('%s of a rejected %s, a return: %p, has the fault %p', (handling, _, isReturn, fault) => {
  const found = rejectionFault({ quantity: 1, reason: 'warm', handling }, { isReturn });
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});

test('a rejection has its quantity and reason judged before its handling', () => {
  const wrong = { quantity: 0, reason: '', handling: 'SEND_BACK' as const };
  expect(rejectionFault(wrong, { isReturn: true })).toContain('quantity is greater than 0');
  expect(rejectionFault({ ...wrong, quantity: 1 }, { isReturn: true })).toContain('says why');
});

test.each<[string, Date | null | undefined, boolean]>([
  ['that is not stated', undefined, true],
  ['that is null', null, true],
  ['when it was dispatched', fromNow(-60 * MINUTE_MS), true],
  ['a millisecond before it was dispatched', fromNow(-60 * MINUTE_MS - 1), false],
  ['5 minutes ahead of our clock', fromNow(5 * MINUTE_MS), true],
  ['over 5 minutes ahead of our clock', fromNow(5 * MINUTE_MS + 1), false],
])('whether an arrival %s, %p, is believed is %s', (_, arrivedAt, isBelieved) => {
  const arrival = arrivedAt === undefined ? {} : { arrivedAt };
  const refusal = judgeReceiptTimes(arrival, { dispatchedAt: fromNow(-60 * MINUTE_MS) }, NOW);
  if (isBelieved) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ field: 'arrivedAt', earliest: fromNow(-60 * MINUTE_MS) });
});

test.each<[string, Date, boolean]>([
  ['20 years ago', fromNow(-20 * YEAR_MS), true],
  ['over 20 years ago', fromNow(-20 * YEAR_MS - 1), false],
  ['in 30 years', fromNow(30 * YEAR_MS), true],
  ['in over 30 years', fromNow(30 * YEAR_MS + 1), false],
])('whether a date on a pack %s, %p, is believed is %s', (_, usableUntil, isBelieved) => {
  const refusal = judgeReceiptTimes({ usableUntil }, { dispatchedAt: NOW }, NOW);
  if (isBelieved) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ field: 'usableUntil', at: usableUntil });
});

test.each([
  [1, 'ordered twice', undefined],
  [0, 'ordered twice', 'quantity is greater than 0; received 0.'],
  [1, ' ', 'reason says why in 1 to 500 characters; received nothing.'],
])('a return of %d because of "%s" has the fault %p', (quantity, reason, fault) => {
  expect(returnFault({ quantity, reason })).toBe(fault);
});

test('a refusal says what is possible, in the words of the step', () => {
  expect(commitmentExceeded({ exceeded: 'COMMITTED', possible: 2.5 }, 3, 'LITRE')).toMatchObject({
    __typename: 'CommitmentExceeded',
    notDispatched: 2.5,
    message: expect.stringContaining('2.5 LITRE of the commitment were not dispatched yet; 3'),
  });
  expect(shipmentExceeded({ exceeded: 'IN_TRANSIT', possible: 4 }, 5, 'PACK')).toMatchObject({
    __typename: 'ShipmentExceeded',
    atMost: 4,
    message: expect.stringContaining(
      '4 PACK of the shipment are in transit; 5 were to be received',
    ),
  });
  expect(shipmentExceeded({ exceeded: 'DELIVERED', possible: 4 }, 5, 'PACK')).toMatchObject({
    __typename: 'ShipmentExceeded',
    atMost: 4,
    message: expect.stringContaining('not sent back; 5 were to be sent back'),
  });
});

test.each<[string, Parameters<typeof judgeStorage>[0], number, number | undefined]>([
  ['that nobody declared', undefined, 1_000_000, undefined],
  ['with exactly enough room', { free: 10, inTransit: 4 }, 6, undefined],
  ['with room for exactly 0.2', { free: 0.3, inTransit: 0.1 }, 0.2, undefined],
  ['with a thousandth too little', { free: 10, inTransit: 4 }, 6.001, 6],
  ['that is full', { free: 0, inTransit: 0 }, 0.001, 0],
  ['to which more is on its way than it has room for', { free: 3, inTransit: 5 }, 1, 0],
])('storage %s, %p, meets a delivery of %d with the limit %p', (_, storage, quantity, atMost) => {
  const refusal = judgeStorage(storage, { quantity, unit: 'PACK', need: 'COLD' });
  if (atMost === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ __typename: 'StorageExceeded', storage: 'COLD', atMost });
});

test('a refusal repeats at most 100 characters of an unknown id in its sentence', () => {
  const id = 'x'.repeat(200);
  expect(unknownShipment(id)).toMatchObject({
    __typename: 'UnknownSupplyShipment',
    supplyShipmentId: id,
    message: expect.stringContaining(` ${'x'.repeat(100)} `),
  });
});
