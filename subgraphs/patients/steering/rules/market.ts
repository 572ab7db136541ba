import { byUrgency, classesOf, compare, type PatientClass } from './classes.js';
import {
  STEERED,
  type Casualty,
  type Scene,
  type SteeredCategory,
  type SteeringInput,
} from './input.js';
import { limitOf, walkInsOf, type Limit } from './limits.js';
import { suitabilityOf, type Suitability } from './suitability.js';
import { kilometresBetween, travelMinutes } from './travel.js';

/** A facility as it is reached from one scene. */
export interface Reach {
  /** Index in `Market.facilities`. */
  facility: number;
  kilometres: number;
  roadMinutes: number;
  /** Null where no helicopter can land. */
  airMinutes: number | null;
}

/** Demand and offer of a plan, judged and measured, in an order of their own: that of the input does not matter. */
export interface Market {
  input: SteeringInput;
  /** All patients, in order of urgency. */
  patients: readonly Casualty[];
  classes: readonly PatientClass[];
  facilities: readonly Suitability[];
  /** Per facility, in the order of `facilities`. */
  limits: readonly Readonly<Record<SteeredCategory, Limit>>[];
  /** The facilities within reach by scene, the nearest first. */
  reach: ReadonlyMap<string, readonly Reach[]>;
}

export function marketOf(input: SteeringInput): Market {
  const { parameters } = input;
  const without = new Set(input.without);
  const patients = [...input.casualties].sort(byUrgency);
  const facilities = [...input.facilities]
    .sort((a, b) => compare(a.id, b.id))
    .map((facility) => suitabilityOf(facility, without));
  const walkIns = walkInsOf(input);
  return {
    input,
    patients,
    classes: classesOf(patients, parameters),
    facilities,
    limits: facilities.map(({ facility }) => {
      const limit = (category: SteeredCategory) => limitOf(facility, category, walkIns, input);
      return { SK_I: limit('SK_I'), SK_II: limit('SK_II'), SK_III: limit('SK_III') };
    }),
    reach: new Map(input.scenes.map((scene) => [scene.id, reachOf(scene, facilities, input)])),
  };
}

/** Facilities that were given no number at all are nowhere in reach. */
function reachOf(
  scene: Scene,
  facilities: readonly Suitability[],
  { radiusKm, parameters }: SteeringInput,
): Reach[] {
  const reach: Reach[] = [];
  for (const [index, { facility }] of facilities.entries()) {
    if (!STEERED.some((category) => facility.intake.some((one) => one.category === category)))
      continue;
    const kilometres = kilometresBetween(scene.position, facility.position);
    if (kilometres > radiusKm) continue;
    reach.push({
      facility: index,
      kilometres,
      roadMinutes: travelMinutes(kilometres, 'ROAD', parameters),
      airMinutes: facility.helipad ? travelMinutes(kilometres, 'AIR', parameters) : null,
    });
  }
  return reach.sort((a, b) => a.roadMinutes - b.roadMinutes || a.facility - b.facility);
}
