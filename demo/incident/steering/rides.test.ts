import type { Confirmed } from './crisis-room.js';
import { ridesOf } from './rides.js';

const assigned = (means: string, house = 'a', minutes = 10): Confirmed => ({
  ...{ transfer: 't', category: 'SK_III', means, minutes, withPhysician: means === 'RTW' },
  facility: { id: house, name: house },
});

test('who goes by bus to one house shares it, 20 at a time', () => {
  const rides = ridesOf(
    Array.from({ length: 45 }, () => assigned('BUS')),
    'x',
  );
  expect(rides.map(({ passengers }) => passengers.length)).toEqual([20, 20, 5]);
});

test('a bus goes to one house and takes as long as its longest way', () => {
  const rides = ridesOf(
    [assigned('BUS', 'a', 10), assigned('BUS', 'b', 30), assigned('BUS', 'a', 20)],
    'x',
  );
  expect(rides.map(({ house, minutes }) => [house.id, minutes])).toEqual([
    ['a', 20],
    ['b', 30],
  ]);
});

test('everybody else goes alone, with a physician where the plan says so, under a call sign of his own', () => {
  const rides = ridesOf([assigned('RTW'), assigned('RTW'), assigned('KTW')], 'x');
  expect(rides.map(({ vehicle }) => [vehicle.means, vehicle.physician])).toEqual([
    ['RTW', true],
    ['RTW', true],
    ['KTW', false],
  ]);
  expect(new Set(rides.map(({ vehicle }) => vehicle.callSign)).size).toBe(3);
});
