import { MEANS } from './fit.js';
import { placesOfPlatoons, PTZ_10_NRW } from './platoon.js';

test.each([
  [0, 0, 0],
  [1, 8, 2],
  [2, 16, 4],
])('%i platoons carry %i patients lying and %i sitting', (platoons, lying, sitting) => {
  expect(placesOfPlatoons(platoons)).toEqual({ lying, sitting });
});

test('five platoons carry the fifty patients of one treatment place', () => {
  const { lying, sitting } = placesOfPlatoons(5);
  expect(lying + sitting).toBe(50);
});

test('its ambulances have as many places for the lying as the platoon states', () => {
  const { rtw, ktw, lying } = PTZ_10_NRW;
  expect(rtw * MEANS.RTW.places + ktw * MEANS.KTW.places).toBe(lying);
});
