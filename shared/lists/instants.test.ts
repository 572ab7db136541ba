import { isInstant } from './instants.js';

test.each([0, 1_601_510_400_000, 1_601_510_400_000.5, 253_402_300_799_999])(
  '%d is an instant of a list',
  (value) => {
    expect(isInstant(value)).toBe(true);
  },
);

test.each([-1, 253_402_300_800_000, 8.64e15, Infinity, -Infinity, NaN, '0', null, undefined, [0]])(
  '%p is no instant of a list',
  (value) => {
    expect(isInstant(value)).toBe(false);
  },
);
