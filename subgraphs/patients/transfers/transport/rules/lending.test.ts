import { lend } from './lending.js';
import type { VehicleRow } from './vehicle.js';

const VEHICLE: VehicleRow = {
  __typename: 'Vehicle',
  ...{ id: 'a', callSign: 'Bonn 1-83-1', means: 'RTW', area: '05314', lentBy: null },
  ...{ physician: false, ventilator: false, radioStatus: null, radioStatusAt: null },
};
const NOBODY = { taken: 0, unseen: 0 };

test('an empty vehicle goes over to the other area, and who gave it is kept', () => {
  expect(lend(VEHICLE, '05315', NOBODY)).toEqual({ area: '05315', lentBy: '05314' });
});

test('where it is led already nothing changes, also with patients on board', () => {
  const lent = { ...VEHICLE, area: '05315', lentBy: '05314' };
  for (const taken of [NOBODY, { taken: 1, unseen: 0 }]) {
    expect(lend(lent, '05315', taken)).toEqual({ area: '05315', lentBy: '05314' });
  }
});

test.each([
  [1, 0, 1],
  [3, 1, null],
])('with %i patients, %i of them unseen, it stays and tells of %p', (taken, unseen, patients) => {
  expect(lend(VEHICLE, '05315', { taken, unseen })).toEqual({
    __typename: 'VehicleInUse',
    message: expect.stringContaining('seekTransport'),
    vehicle: 'Bonn 1-83-1',
    patients,
  });
});
