import { HOUR_MS, MINUTE_MS } from '../../../../shared/time/rules.js';

/** Patients who are sent to a facility that fails soon are treated there for at least so long (our policy). */
const HOURS_AFTER_ARRIVAL = 2;

/** Returns until when patients may arrive at a facility that fails at an hour. */
export function latestArrival(failsAt: Date): Date {
  return new Date(failsAt.getTime() - HOURS_AFTER_ARRIVAL * HOUR_MS);
}

/** Whether a facility that fails at an hour can treat patients who arrive in a number of minutes. */
export function lastsForArrival(failsAt: Date, arrivesInMinutes: number, now: Date): boolean {
  return latestArrival(failsAt).getTime() > now.getTime() + arrivesInMinutes * MINUTE_MS;
}
