import { hoursFromNow, NOW } from '../../../../shared/testing/now.js';
import { judgeOffer } from '../commitments/rules.js';
import { leftOf, matchesOf, offerFault, proposalsOf, refusalIfExpired } from './rules.js';

const OFFER = { left: 100, availableFrom: NOW, area: '05315' };
const line = (changes: object) => ({
  open: 50,
  area: '05315',
  neededUntil: hoursFromNow(24),
  requestedAt: NOW,
  id: '',
  ...changes,
});
const order = (...lines: ReturnType<typeof line>[]) => matchesOf(OFFER, lines).map(({ id }) => id);

test('lines that the offer covers whole come first, then the sooner, the nearer, the older', () => {
  const part = line({ id: 'in part', open: 101, neededUntil: hoursFromNow(1) });
  const late = line({ id: 'later', neededUntil: hoursFromNow(30) });
  const far = line({ id: 'far', area: '09162' });
  const land = line({ id: 'same Land', area: '05111' });
  const near = line({ id: 'near' });
  const older = line({ id: 'older', requestedAt: hoursFromNow(-1) });
  expect(order(part, late, far, land, near, older)).toEqual([
    'older',
    'near',
    'same Land',
    'far',
    'later',
    'in part',
  ]);
});

test('a line that is needed before the offer is available, or has nothing open, does not fit', () => {
  const later = { ...OFFER, availableFrom: hoursFromNow(24) };
  expect(matchesOf(later, [line({}), line({ neededUntil: hoursFromNow(25) })])).toHaveLength(1);
  expect(order(line({ open: 0 }))).toEqual([]);
  expect(matchesOf({ ...OFFER, left: 0 }, [line({})])).toEqual([]);
});

test('a match says how much the offer covers', () => {
  expect(matchesOf(OFFER, [line({ open: 130 })])).toMatchObject([{ covers: 100, isWhole: false }]);
  expect(matchesOf(OFFER, [line({ open: 30 })])).toMatchObject([{ covers: 30, isWhole: true }]);
});

test('nothing is left of an offer that was withdrawn, or whose time is over', () => {
  const offer = { quantity: 100, committed: 40, until: hoursFromNow(1), withdrawnAt: null };
  expect(leftOf(offer, NOW)).toBe(60);
  expect(leftOf(offer, hoursFromNow(1))).toBe(0);
  expect(leftOf({ ...offer, withdrawnAt: NOW }, NOW)).toBe(0);
});

const INPUT = {
  organisation: 'o',
  facility: null,
  item: 'i',
  quantity: 1,
  unit: 'LITRE' as const,
  until: hoursFromNow(1),
  idempotencyKey: 'k',
};
test.each([
  ['no holder', { organisation: null }, 'received none'],
  ['two holders', { facility: 'f' }, 'received both'],
  ['a negative quantity', { quantity: -1 }, 'received -1'],
])('an offer with %s is refused', (_, changes, message) => {
  expect(offerFault({ ...INPUT, ...changes })).toMatch(message);
});

test('an offer that expires before it can be used is refused', () => {
  expect(refusalIfExpired(null, NOW)).toBeUndefined();
  expect(refusalIfExpired(hoursFromNow(1), NOW)).toBeUndefined();
  expect(refusalIfExpired(NOW, NOW)).toMatchObject({
    __typename: 'ExpiredSupply',
    lastUsableAt: NOW,
  });
});

test('an expired offer serves no commitment', () => {
  const offer = {
    itemId: 'i',
    quantity: 10,
    committed: 0,
    until: hoursFromNow(9),
    withdrawnAt: null,
    usableUntil: hoursFromNow(-1),
  };
  const requested = { itemId: 'i', quantity: 1, unit: 'LITRE' };
  expect(judgeOffer(offer, requested, NOW)).toMatchObject({ __typename: 'ExpiredSupply' });
  expect(judgeOffer({ ...offer, usableUntil: null }, requested, NOW)).toBeUndefined();
});

test('an offer that covers a line whole is proposed first, then the sooner, the nearer, the older', () => {
  const offer = (id: string, changes: object = {}) => ({
    id,
    left: 10,
    area: '05315',
    availableFrom: NOW,
    offeredAt: NOW,
    ...changes,
  });
  const line = { open: 10, area: '05315', neededUntil: hoursFromNow(5) };
  const offers = [
    offer('too late', { availableFrom: hoursFromNow(5) }),
    offer('part', { left: 9 }),
    offer('later', { availableFrom: hoursFromNow(1) }),
    offer('far', { area: '09162' }),
    offer('in the Land', { area: '05111' }),
    offer('younger', { offeredAt: hoursFromNow(1) }),
    offer('best'),
    offer('nothing left', { left: 0 }),
  ];
  expect(proposalsOf(line, offers).map(({ id, covers }) => [id, covers])).toEqual([
    ['best', 10],
    ['younger', 10],
    ['in the Land', 10],
    ['far', 10],
    ['later', 10],
    ['part', 9],
  ]);
  expect(proposalsOf({ ...line, open: 0 }, offers)).toEqual([]);
});
