/** The process that added a job runs it at once; a wait follows only when that attempt fails. */
const FIRST_PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 60;

/**
 * Seconds until the next attempt after attempt number `attempt` (from 1) has failed. The pause doubles up to the longest, and
 * `chance` (0 to 1) subtracts up to half of it, so that a service that comes back is not met by all jobs at once.
 */
export function backoffSeconds(attempt: number, chance: number): number {
  const doubled = FIRST_PAUSE_SECONDS * 2 ** Math.min(attempt - 1, 20);
  return Math.min(LONGEST_PAUSE_SECONDS, doubled) * (1 - chance / 2);
}
