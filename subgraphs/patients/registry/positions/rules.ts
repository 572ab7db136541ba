import { invalid, type WithTypename } from '../../../../shared/validation/rules.js';
import type { InvalidPosition } from '../../generated/graphql.js';

/**
 * Kilometres by which a position may lie outside the Kreis that it is declared for. Scenes reach over borders, and the position
 * of an emergency call is sometimes that of a radio mast; a larger distance is an error, usually swapped degrees (our policy).
 */
export const MOST_KM_OUTSIDE = 50;

/** Returns the refusal of a position that lies too many kilometres outside a Kreis; undefined if it is valid. */
export function judgePosition(
  position: { latitude: number; longitude: number },
  kreis: string,
  kilometres: number,
): WithTypename<InvalidPosition> | undefined {
  if (kilometres <= MOST_KM_OUTSIDE) return undefined;
  const { latitude, longitude } = position;
  const refusal = invalid(
    'InvalidPosition',
    'position',
    `The position lies in the Kreis ${kreis} or at most ${MOST_KM_OUTSIDE} km outside it; ${latitude}, ${longitude} is ${Math.round(kilometres)} km away. Check latitude and longitude, which may be swapped, and the Kreis.`,
  );
  return { ...refusal, latitude, longitude };
}
