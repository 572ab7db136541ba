import { numberFault } from '../../../../shared/validation/rules.js';

/** More than ten years: no hour of failure lies further ahead. */
const MOST_HOURS = 100_000;

/** Returns what is wrong with a limit of hours, as a sentence for the caller; undefined when nothing is. */
export function belowFault(below: number | null | undefined): string | undefined {
  if (below == null) return undefined;
  return numberFault('below', below, { minimum: 0, maximum: MOST_HOURS, unit: 'hours' });
}
