import type { Named } from '../../capacity-client/rules.js';
import type { InvalidPosition } from '../../generated/graphql.js';

/**
 * Kilometres by which a position may lie outside the Kreis it is declared for. Scenes reach over borders, and a caller's
 * position is sometimes that of his radio mast; what lies further away is a mistake, most often swapped degrees (our policy).
 */
export const MOST_KM_OUTSIDE = 50;

/** Judges a position by how far outside a Kreis it lies; undefined when nothing is wrong. */
export function judgePosition(
  position: { latitude: number; longitude: number },
  kreis: string,
  kilometres: number,
): Named<InvalidPosition> | undefined {
  if (kilometres <= MOST_KM_OUTSIDE) return undefined;
  const { latitude, longitude } = position;
  return {
    __typename: 'InvalidPosition',
    message: `The position lies in the Kreis ${kreis} or at most ${MOST_KM_OUTSIDE} km outside it; ${latitude}, ${longitude} is ${Math.round(kilometres)} km away. Check latitude and longitude, which may be swapped, and the Kreis.`,
    latitude,
    longitude,
  };
}
