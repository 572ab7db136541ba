import type { Vehicle } from '../control-room.js';
import type { TransportMeans } from '../generated/operations.js';
import type { ConfirmedAssignment } from './allocations.js';

/** Patients per bus: the planning number of the hub. */
const BUS_CAPACITY = 20;

/** A vehicle with the patients whom it brings to one facility. */
export interface Ride {
  vehicle: Vehicle<TransportMeans>;
  facility: ConfirmedAssignment['facility'];
  /** The longest drive of the passengers, in minutes. */
  minutes: number;
  passengers: ConfirmedAssignment[];
}

/** Returns a ride for each patient by the means of the plan; patients who go to one facility by bus share a ride. */
export function ridesOf(assignments: readonly ConfirmedAssignment[], name: string): Ride[] {
  const rides: Ride[] = [];
  const buses = new Map<string, Ride>();
  for (const one of assignments) {
    const open = one.means === 'BUS' ? buses.get(one.facility.id) : undefined;
    if (open && open.passengers.length < BUS_CAPACITY) {
      open.passengers.push(one);
      open.minutes = Math.max(open.minutes, one.minutes);
      continue;
    }
    const { means, withPhysician: physician, facility, minutes } = one;
    const callSign = `Übung ${name} ${rides.length + 1}`;
    const ride = { vehicle: { callSign, means, physician }, facility, minutes, passengers: [one] };
    rides.push(ride);
    if (means === 'BUS') buses.set(facility.id, ride);
  }
  return rides;
}
