import type { TransportMeans } from '../generated/operations.js';
import type { ConfirmedAssignment } from './allocations.js';
import { ridesOf } from './rides.js';

const assignment = (means: TransportMeans, facility = 'a', minutes = 10): ConfirmedAssignment => ({
  transfer: 't',
  category: 'SK_III',
  means,
  minutes,
  withPhysician: means === 'RTW',
  facility: { id: facility, name: facility },
});

test('20 patients who go to one facility by bus share a bus', () => {
  const rides = ridesOf(
    Array.from({ length: 45 }, () => assignment('BUS')),
    'x',
  );
  expect(rides.map(({ passengers }) => passengers.length)).toEqual([20, 20, 5]);
});

test('a bus goes to one facility and takes as long as the longest drive of its passengers', () => {
  const rides = ridesOf(
    [assignment('BUS', 'a', 10), assignment('BUS', 'b', 30), assignment('BUS', 'a', 20)],
    'x',
  );
  expect(rides.map(({ facility, minutes }) => [facility.id, minutes])).toEqual([
    ['a', 20],
    ['b', 30],
  ]);
});

test('every other patient rides alone, with a physician where the plan says so, in a vehicle with a unique call sign', () => {
  const rides = ridesOf([assignment('RTW'), assignment('RTW'), assignment('KTW')], 'x');
  expect(rides.map(({ vehicle }) => [vehicle.means, vehicle.physician])).toEqual([
    ['RTW', true],
    ['RTW', true],
    ['KTW', false],
  ]);
  expect(new Set(rides.map(({ vehicle }) => vehicle.callSign)).size).toBe(3);
});
