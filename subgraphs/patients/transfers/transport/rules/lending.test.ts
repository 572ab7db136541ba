import { lend } from './lending.js';
import type { VehicleRow } from './vehicle.js';

const VEHICLE: VehicleRow = {
  __typename: 'Vehicle',
  id: 'a',
  callSign: 'Bonn 1-83-1',
  means: 'RTW',
  area: '05314',
  lentBy: null,
  physician: false,
  ventilator: false,
  status: null,
  statusAt: null,
};
const NOBODY = { patients: 0, hidden: 0 };

test('an empty vehicle goes over to the other area, and who gave it is kept', () => {
  expect(lend(VEHICLE, '05315', NOBODY)).toEqual({ area: '05315', lentBy: '05314' });
});

test('where it is led already nothing changes, also with patients on board', () => {
  const lent = { ...VEHICLE, area: '05315', lentBy: '05314' };
  for (const patients of [NOBODY, { patients: 1, hidden: 0 }]) {
    expect(lend(lent, '05315', patients)).toEqual({ area: '05315', lentBy: '05314' });
  }
});

test.each([
  [1, 0, 1],
  [3, 1, null],
])(
  'with %i patients, %i of them hidden, it is not lent and the refusal says %p',
  (carried, hidden, passengers) => {
    expect(lend(VEHICLE, '05315', { patients: carried, hidden })).toEqual({
      __typename: 'VehicleInUse',
      message: expect.stringContaining('seekTransport'),
      callSign: 'Bonn 1-83-1',
      passengers,
    });
  },
);
