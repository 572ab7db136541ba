import type { Position } from './input.js';
import type { Parameters } from './parameters.js';

const EARTH_RADIUS_KM = 6371;
const RADIANS = Math.PI / 180;

export type Way = 'ROAD' | 'AIR';

/** Distance on the great circle. */
export function kilometresBetween(a: Position, b: Position): number {
  const latitude = Math.sin(((b.latitude - a.latitude) * RADIANS) / 2);
  const longitude = Math.sin(((b.longitude - a.longitude) * RADIANS) / 2);
  const chord =
    latitude ** 2 +
    Math.cos(a.latitude * RADIANS) * Math.cos(b.latitude * RADIANS) * longitude ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/**
 * Returns the travel time in tenths of a minute exactly, so that equal ways compare equal. Always ESTIMATED: nobody
 * knows the traffic. Only this function changes when a router is connected.
 */
export function travelMinutes(
  kilometres: number,
  way: Way,
  parameters: Pick<Parameters, 'detourFactor' | 'roadKmPerHour' | 'airKmPerHour'>,
): number {
  const { detourFactor, roadKmPerHour, airKmPerHour } = parameters;
  const hours =
    way === 'AIR' ? kilometres / airKmPerHour : (kilometres * detourFactor) / roadKmPerHour;
  return Math.round(hours * 600) / 10;
}
