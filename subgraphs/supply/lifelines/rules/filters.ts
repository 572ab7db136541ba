/** More than ten years: no hour of failure lies further ahead. */
const MOST_HOURS = 100_000;

/** Returns what is wrong with a limit of hours, as a sentence for the caller; undefined when nothing is. */
export function belowFault(below: number | null | undefined): string | undefined {
  if (below == null || (below >= 0 && below <= MOST_HOURS)) return undefined;
  return `below is a number of hours from 0 to ${MOST_HOURS}; received ${below}.`;
}
