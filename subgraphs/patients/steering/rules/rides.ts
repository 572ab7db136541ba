import type { Casualty, Ride } from './input.js';
import type { Option } from './options.js';

/** How many SK III patients go from a scene to a facility together. */
export type GroupSize = number;

/**
 * SK I by an ambulance with a physician, intensive transport or helicopter; SK II by ambulance; SK III several per vehicle,
 * never by what SK I needs (DIN EN 1789, DIN 75076, DIN 13230).
 */
export function rideOf(
  patient: Pick<Casualty, 'category' | 'ventilated' | 'physicianEscort'>,
  { way }: Pick<Option, 'way'>,
  groupSize: GroupSize,
  busFrom: number,
): Ride {
  const { category, ventilated, physicianEscort } = patient;
  const withPhysician = category === 'SK_I' || ventilated || physicianEscort;
  if (way === 'AIR') return { means: ventilated ? 'ITH' : 'RTH', withPhysician: true };
  if (ventilated) return { means: 'ITW', withPhysician };
  if (category !== 'SK_III' || physicianEscort) return { means: 'RTW', withPhysician };
  return { means: groupSize >= busFrom ? 'BUS' : 'KTW', withPhysician };
}
