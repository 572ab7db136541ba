import { PlayerError } from '../client/player-error.js';
import { type Scene, scenes } from '../client/scene.js';
import type { Hospital } from './hospital.js';

/**
 * Returns the Kreise of an area in which the grid fails: the one with most beds of intensive care in hospitals whose fuel lasts for less
 * than `hours`, and those nearest to it. Throws PlayerError.
 */
export function kreiseOf(
  area: string,
  hospitals: readonly Pick<Hospital, 'kreis' | 'intensiveBeds' | 'lastedAtFirst'>[],
  { hours, count }: { hours: number; count: number },
): Scene[] {
  const atRisk = new Map<string, number>();
  for (const { kreis, intensiveBeds, lastedAtFirst } of hospitals) {
    const beds = lastedAtFirst < hours ? intensiveBeds : 0;
    atRisk.set(kreis, (atRisk.get(kreis) ?? 0) + beds);
  }
  // One without a hospital has no rank, and is no neighbour.
  const kreise = scenes().filter((one) => one.area.startsWith(area) && atRisk.has(one.area));
  const [middle] = kreise.toSorted((a, b) => atRisk.get(b.area)! - atRisk.get(a.area)!);
  if (!middle) throw new PlayerError(`--area is "${area}", and no hospital with fuel lies there.`);
  return kreise
    .toSorted((a, b) => squaredDegrees(a, middle) - squaredDegrees(b, middle))
    .slice(0, count);
}

/** Good enough for an order of neighbours: degrees of longitude are shorter than those of latitude. */
function squaredDegrees({ position: a }: Scene, { position: b }: Scene): number {
  const east = (a.longitude - b.longitude) * Math.cos((b.latitude * Math.PI) / 180);
  return east ** 2 + (a.latitude - b.latitude) ** 2;
}
