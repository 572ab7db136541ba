import type { Vehicle } from '../control-room.js';
import type { Confirmed } from './crisis-room.js';

/** Seats of a bus: the planning number the hub fills one by. */
const BUS_SEATS = 20;

/** A vehicle with those it brings to one house. */
export interface Ride {
  vehicle: Vehicle<string>;
  house: Confirmed['facility'];
  /** The longest way of those on board. */
  minutes: number;
  passengers: Confirmed[];
}

/** Everybody by the means of the plan: those who go by bus to one house together, all others alone. */
export function ridesOf(assigned: readonly Confirmed[], name: string): Ride[] {
  const rides: Ride[] = [];
  const buses = new Map<string, Ride>();
  for (const one of assigned) {
    const open = one.means === 'BUS' ? buses.get(one.facility.id) : undefined;
    if (open && open.passengers.length < BUS_SEATS) {
      open.passengers.push(one);
      open.minutes = Math.max(open.minutes, one.minutes);
      continue;
    }
    const { means, withPhysician: physician, facility: house, minutes } = one;
    const callSign = `Übung ${name} ${rides.length + 1}`;
    const ride = { vehicle: { callSign, means, physician }, house, minutes, passengers: [one] };
    rides.push(ride);
    if (means === 'BUS') buses.set(house.id, ride);
  }
  return rides;
}
