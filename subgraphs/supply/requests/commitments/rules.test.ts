import { fromNow, NOW } from '../../../../shared/testing/now.js';
import { DAY_MS } from '../../../../shared/time/rules.js';
import type { CommitSupplyInput } from '../../generated/graphql.js';
import {
  commitmentFault,
  judgeCommitment,
  judgeOffer,
  refusalIfToItself,
  unknownCommitment,
  unknownLine,
  withdrawalFault,
} from './rules.js';

const input = (changes: Partial<CommitSupplyInput> = {}): CommitSupplyInput => ({
  line: 'l',
  organisation: 'o',
  facility: null,
  offer: null,
  quantity: 10,
  unit: 'PACK',
  expectedAt: null,
  idempotencyKey: 'k',
  ...changes,
});

test.each<[string, Partial<CommitSupplyInput>]>([
  ['of an organisation', {}],
  ['of a facility', { organisation: null, facility: 'f' }],
  ['of a thousandth', { quantity: 0.001 }],
  ['of the largest quantity', { quantity: 99_999_999_999 }],
  ['that is expected at once', { expectedAt: fromNow(1) }],
])('a commitment %s is accepted', (_, changes) => {
  expect(commitmentFault(input(changes))).toBeUndefined();
});

test.each<[string, Partial<CommitSupplyInput>, string]>([
  ['of nobody', { organisation: null }, 'received none'],
  ['of two holders', { facility: 'f' }, 'received both'],
  ['of nothing', { quantity: 0 }, 'greater than 0; received 0'],
  ['of less than nothing', { quantity: -1 }, 'greater than 0; received -1'],
  ['of no number', { quantity: NaN }, 'greater than 0; received NaN'],
  ['of less than a thousandth', { quantity: 0.0005 }, 'at most three digits'],
  ['of more than can be stored', { quantity: 100_000_000_000 }, 'between 0 and 99999999999'],
])('a commitment %s has a fault', (_, changes, message) => {
  expect(commitmentFault(input(changes))).toContain(message);
});

test('the first fault is named: who commits, then how much', () => {
  const wrong = { organisation: null, quantity: 0 };
  expect(commitmentFault(input(wrong))).toContain('organisation and facility');
  expect(commitmentFault(input({ ...wrong, organisation: 'o' }))).toContain('quantity');
});

test('a withdrawal says why', () => {
  const withdrawal = { commitment: 'c', reason: 'sold out', idempotencyKey: 'k' };
  expect(withdrawalFault(withdrawal)).toBeUndefined();
  expect(withdrawalFault({ ...withdrawal, reason: ' ' })).toContain('received nothing');
});

test.each([
  ['all that is open', 40, undefined],
  ['a thousandth more than is open', 40.001, 40],
  ['more than was requested', 101, 40],
])('a commitment of %s, %d of 40, meets the limit %p', (_, quantity, open) => {
  const line = { requested: 100, committed: 60, inTransit: 0, delivered: 0 };
  const refusal = judgeCommitment(line, quantity, 'PACK');
  if (open === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ __typename: 'OverCommitted', open });
});

test('a refused commitment says whether anything is open', () => {
  const line = { requested: 0.3, committed: 0.1, inTransit: 0, delivered: 0 };
  expect(judgeCommitment(line, 1, 'LITRE')?.message).toBe(
    '0.2 LITRE of the line are still open; 1 were to be committed. Commit at most what is open.',
  );
  expect(judgeCommitment({ ...line, committed: 0.3 }, 1, 'LITRE')?.message).toBe(
    '0 LITRE of the line are still open; 1 were to be committed. Others have committed everything.',
  );
});

const OFFER = {
  itemId: 'i',
  quantity: 100,
  committed: 60,
  until: fromNow(DAY_MS),
  withdrawnAt: null,
  usableUntil: null,
};
const INPUT = { itemId: 'i', quantity: 40, unit: 'PACK' };

test.each<[string, Partial<typeof OFFER> | object, number]>([
  ['that has exactly enough left', {}, 40],
  ['that ends a millisecond later', { until: fromNow(1) }, 40],
  ['of what expires a millisecond later', { usableUntil: fromNow(1) }, 40],
])('an offer %s covers a commitment', (_, changes, quantity) => {
  expect(judgeOffer({ ...OFFER, ...changes }, { ...INPUT, quantity }, NOW)).toBeUndefined();
});

test.each<[string, Partial<typeof OFFER> | object, number, object]>([
  [
    'of another item',
    { itemId: 'j', usableUntil: NOW },
    1,
    { __typename: 'OfferOfOtherItem', item: { id: 'i' } },
  ],
  [
    'of what expires now',
    { usableUntil: NOW, withdrawnAt: NOW },
    1,
    { __typename: 'ExpiredSupply', lastUsableAt: NOW },
  ],
  ['that has less left', {}, 40.001, { __typename: 'OfferExceeded', offerLeft: 40 }],
  ['that ends now', { until: NOW }, 1, { __typename: 'OfferExceeded', offerLeft: 0 }],
  ['that was withdrawn', { withdrawnAt: NOW }, 1, { __typename: 'OfferExceeded', offerLeft: 0 }],
  ['that is drawn up', { committed: 100 }, 1, { __typename: 'OfferExceeded', offerLeft: 0 }],
])('an offer %s covers no commitment', (_, changes, quantity, refusal) => {
  const verdict = judgeOffer({ ...OFFER, ...changes }, { ...INPUT, quantity }, NOW);
  expect(verdict).toMatchObject(refusal);
});

test.each([
  ['its own facility', 'f', true],
  ['another facility', 'g', false],
  ['an organisation', null, false],
])('whether a commitment by %s, %p, is one to itself is %s', (_, facility, isRefused) => {
  const refusal = refusalIfToItself({ id: 'r', facilityId: 'f' }, facility);
  if (!isRefused) expect(refusal).toBeUndefined();
  else {
    expect(refusal).toMatchObject({ __typename: 'OwnSupplyRequest', supplyRequest: { id: 'r' } });
  }
});

test('a refusal repeats at most 100 characters of an unknown id in its sentence', () => {
  const id = 'x'.repeat(200);
  for (const { message } of [unknownLine(id), unknownCommitment(id)]) {
    expect(message).toContain(` ${'x'.repeat(100)} `);
  }
  expect(unknownLine(id).supplyLineId).toBe(id);
  expect(unknownCommitment(id).supplyCommitmentId).toBe(id);
});
