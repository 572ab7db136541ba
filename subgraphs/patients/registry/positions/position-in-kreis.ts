import { kilometresOutside } from '../../../../shared/areas/index.js';
import { judgePosition } from './rules.js';

/** Returns the refusal of a position too far outside the Kreis that it is declared for; undefined if it is valid or not given. */
export function positionRefusal(
  position: { latitude: number; longitude: number } | null | undefined,
  kreis: string,
) {
  if (!position) return undefined;
  // The schema refuses areas that do not exist.
  return judgePosition(position, kreis, kilometresOutside(kreis, position) ?? 0);
}
