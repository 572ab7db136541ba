import { divideBesideOwn } from './division-beside-own.js';
import { divide, freeAt } from './division.js';
import type { OwnBeds } from './own-beds.js';

const TOTAL = { operable: 96, occupied: 80, free: 16 };
const whole = (operable: number, occupied: number): OwnBeds => ({
  operable,
  occupied,
  blocked: 0,
  isWhole: true,
});
const sumOf = (shares: { operable: number; occupied: number; blocked: number }[]) => ({
  operable: shares.reduce((sum, { operable }) => sum + operable, 0),
  occupied: shares.reduce((sum, { occupied }) => sum + occupied, 0),
  free: shares.reduce((sum, share) => sum + freeAt(share), 0),
});

test('where no facility reports itself, the whole total is divided', () => {
  expect(divideBesideOwn(TOTAL, [undefined, undefined, undefined])).toEqual({
    shares: divide(TOTAL, 3),
    isShort: false,
  });
});

test('own reports are subtracted and the rest is divided over the others, so that all sum to the total', () => {
  const { shares, isShort } = divideBesideOwn(TOTAL, [undefined, whole(40, 35), undefined]);
  expect(shares).toEqual([
    { operable: 28, occupied: 22, blocked: 0 },
    { operable: 40, occupied: 35, blocked: 0 },
    { operable: 28, occupied: 23, blocked: 0 },
  ]);
  expect(sumOf(shares)).toEqual(TOTAL);
  expect(isShort).toBe(false);
});

test('beds for children are added to a share, because the hub subtracts them from it', () => {
  const children = { operable: 12, occupied: 9, blocked: 0, isWhole: false };
  const { shares } = divideBesideOwn(TOTAL, [children, undefined]);
  expect(shares).toEqual([
    { operable: 12 + 42, occupied: 9 + 35, blocked: 0 },
    { operable: 42, occupied: 36, blocked: 0 },
  ]);
});

test('own reports of more than the total leave nothing to the others, and never less', () => {
  const { shares } = divideBesideOwn(TOTAL, [whole(100, 90), undefined]);
  expect(shares[1]).toEqual({ operable: 0, occupied: 0, blocked: 0 });
});

test('a facility that gets no share has its report subtracted too', () => {
  const { shares } = divideBesideOwn(TOTAL, [undefined], [whole(40, 35)]);
  expect(shares).toEqual([{ operable: 56, occupied: 45, blocked: 0 }]);
});

test('where every site reports itself, the share of each is its own report', () => {
  const { shares, isShort } = divideBesideOwn(TOTAL, [whole(40, 35), whole(20, 20)]);
  expect(shares).toEqual([
    { operable: 40, occupied: 35, blocked: 0 },
    { operable: 20, occupied: 20, blocked: 0 },
  ]);
  expect(isShort).toBe(false);
});
