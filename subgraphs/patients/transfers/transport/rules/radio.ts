import { HOUR_MS, MINUTE_MS } from '../../../../../shared/time/rules.js';
import {
  noneWithCode,
  numberFault,
  outOfRange,
  type WithTypename,
} from '../../../../../shared/validation/rules.js';
import type { FacilityRef } from '../../../capacity-client/index.js';
import type {
  ReportTimeOutOfRange,
  UnknownVehicle,
  VehicleInconsistency,
} from '../../../generated/graphql.js';

/** Radio statuses that say where a vehicle is; 0, 5 and 9 only request to speak (BOS radio, FMS). */
export const MOVEMENTS: readonly number[] = [1, 2, 3, 4, 6, 7, 8];

/** Clocks of radio systems differ; this far ahead of ours is still believed. */
export const MINUTES_AHEAD = 5;
/** An older status says nothing about where a vehicle is; a day covers a radio system that was cut off. */
export const HOURS_BACK = 24;

/** The state of a vehicle when it reports. */
export interface VehicleState {
  /** Its last movement; null when it never reported one. */
  last: number | null;
  /** The number of patients on board for a facility that has accepted them. */
  aboard: number;
  /** The number of patients on board for a facility that has not. */
  diverted: number;
  /** The number of patients it was sent for and has not picked up. */
  waiting: number;
}

/** The consequence of a radio status. */
export interface Consequence {
  move?: 'PICK_UP' | 'ARRIVE';
  inconsistency?: VehicleInconsistency;
}

/**
 * Returns the consequence of a status: 7 picks up the waiting patients, 8 brings those on board to their destination;
 * no other status moves patients, and only the hospital hands over. An impossible status is stored as an inconsistency
 * and moves nobody, so that a person looks at it.
 */
export function consequenceOf(
  status: number,
  { last, aboard, diverted, waiting }: VehicleState,
): Consequence {
  if (status === 7) return waiting > 0 ? { move: 'PICK_UP' } : {};
  if (status === 8) {
    if (aboard > 0) return { move: 'ARRIVE' };
    // A key that is pressed twice says nothing new.
    if (last === 8) return {};
    if (diverted > 0) return { inconsistency: 'ARRIVED_UNACCEPTED' };
    // Someone the hub does not know of may have been on board, but not the one it was sent for.
    return last === 7 && waiting === 0 ? {} : { inconsistency: 'ARRIVED_WITHOUT_PATIENT' };
  }
  const isFree = status === 1 || status === 2 || status === 6;
  return isFree && aboard + diverted > 0 ? { inconsistency: 'FREE_WITH_PATIENT' } : {};
}

/** The span within which a report's time is believed. */
export function believedSpan(now: Date): { earliest: Date; latest: Date } {
  return {
    earliest: new Date(now.getTime() - HOURS_BACK * HOUR_MS),
    latest: new Date(now.getTime() + MINUTES_AHEAD * MINUTE_MS),
  };
}

/** Returns the fault of a status, as a sentence for the caller; undefined when there is none. */
export function statusFault(status: number): string | undefined {
  return numberFault('status', status, { minimum: 0, maximum: 9 });
}

/** Refuses a report whose time cannot be; undefined when it can. */
export function refusalOfTime(at: Date, now: Date): WithTypename<ReportTimeOutOfRange> | undefined {
  return outOfRange('ReportTimeOutOfRange', 'at', at, {
    ...believedSpan(now),
    advice: 'Check the clock of the radio system.',
  });
}

export function unknownVehicle(callSign: string): WithTypename<UnknownVehicle> {
  return noneWithCode(
    'vehicle',
    { field: 'callSign', name: 'call sign', given: callSign.slice(0, 40) },
    'Assign it by `assignTransport` first, and write it as there.',
  );
}

/** Schema type of the same name, with its facilities as they are kept. */
export interface DestinationUnclear {
  __typename: 'DestinationUnclear';
  message: string;
  destinations: FacilityRef[];
}

/** Returns the patients on board whom an 8 is about: all, or those for the named facility; or that it is unclear. */
export function arrivingAt<One extends { toFacility: string | null }>(
  aboard: readonly One[],
  facility: string | null | undefined,
): One[] | 'unclear' {
  const destinations = [...new Set(aboard.map(({ toFacility }) => toFacility!))];
  const there = aboard.filter(({ toFacility }) => facility == null || toFacility === facility);
  if (
    aboard.length === 0 ||
    (there.length > 0 && (facility != null || destinations.length === 1))
  ) {
    return there;
  }
  return 'unclear';
}

/**
 * Refuses an 8 from which the destination cannot be derived; names the destinations of the patients whom the caller
 * sees.
 */
export function destinationUnclear(
  facility: string | null | undefined,
  seen: readonly { toFacility: string | null }[],
): DestinationUnclear {
  const destinations = [...new Set(seen.map(({ toFacility }) => toFacility!))];
  return {
    __typename: 'DestinationUnclear',
    message: `The vehicle has patients for several destinations on board, and ${facility == null ? 'facility is missing' : 'facility is none of them'}. Say at which one it is.`,
    destinations: destinations.map((id) => ({ id })),
  };
}
