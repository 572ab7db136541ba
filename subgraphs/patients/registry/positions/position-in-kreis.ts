import { kilometresOutside } from '../../../../shared/areas/index.js';
import { judgePosition } from './rules.js';

/** The refusal of a position too far outside the Kreis it is declared for; undefined where none is given or nothing is wrong. */
export function positionRefusal(
  position: { latitude: number; longitude: number } | null | undefined,
  kreis: string,
) {
  if (!position) return undefined;
  // Whether the area exists is judged elsewhere.
  return judgePosition(position, kreis, kilometresOutside(kreis, position) ?? 0);
}
