import { isQuantity, positiveFault, quantityFault, sumOf } from './quantities.js';

test.each([
  [0, true],
  [0.001, true],
  [0.1 + 0.2, true],
  [999_999.999, true],
  [10_000_000_000.001, true],
  [99_999_999_999, true],
  [0.0005, false],
  [1_000_000.0005, false],
  [99_999_999_998.9995, false],
  [1e12, false],
  [-1, false],
  [Number.NaN, false],
  [Infinity, false],
])('whether %s is a quantity: %s', (value, expected) => {
  expect(isQuantity(value)).toBe(expected);
});

test('a quantity may have a smaller limit, and a change may be below 0', () => {
  expect(isQuantity(1e9, { largest: 1e9 })).toBe(true);
  expect(isQuantity(1e9 + 1, { largest: 1e9 })).toBe(false);
  expect(isQuantity(-0.5, { signed: true })).toBe(true);
  expect(isQuantity(-1e9 - 1, { largest: 1e9, signed: true })).toBe(false);
});

test('quantities have at most three digits after the point, are not negative and not endless', () => {
  for (const good of [0, 0.001, 12.5, 99_999_999_999])
    expect(quantityFault('quantity', good)).toBe(undefined);
  for (const bad of [-1, 0.0001, 1e12, Number.NaN, Infinity]) {
    expect(quantityFault('quantity', bad)).toMatch(`received ${bad}`);
  }
  expect(positiveFault('quantity', 0)).toMatch('greater than 0');
  expect(positiveFault('quantity', -3)).toMatch('received -3');
});

test('a sum is exact to the thousandth', () => {
  expect(sumOf(0.1, 0.2)).toBe(0.3);
  expect(sumOf(99_999_999_998.999, 0.001)).toBe(99_999_999_999);
});
