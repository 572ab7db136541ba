import { numberFault } from './numbers.js';

/** Returns what is wrong with a position (WGS 84, degrees), as a sentence for the caller; undefined when nothing is. */
export function positionFault({
  latitude,
  longitude,
}: {
  latitude: number;
  longitude: number;
}): string | undefined {
  return (
    numberFault('latitude', latitude, { minimum: -90, maximum: 90, unit: 'degrees' }) ??
    numberFault('longitude', longitude, { minimum: -180, maximum: 180, unit: 'degrees' })
  );
}
