import { MINUTE_MS } from '../../../../../shared/time/rules.js';
import type { CasualtyFacilitiesQuery } from '../../../capacity-client/index.js';
import type { TriageCategory } from '../../../generated/graphql.js';
import {
  type CandidateFacility,
  kilometresBetween,
  nearestHospital,
  type Position,
  type Scene,
  STEERED,
  type SteeredCategory,
} from '../../../steering/rules.js';
import type { LocatedScene } from './demand.js';

/** A facility that accepts casualties, as capacity returns it. */
export type CasualtyFacility = NonNullable<CasualtyFacilitiesQuery['casualtyFacilities']>[number];

/** Numbers of patients whom an incident has sent to a facility so far. */
export interface SentRow {
  facility: string;
  category: TriageCategory;
  count: number;
}

/** Kilometres beyond the radius that are requested: whether a facility is in reach is decided here, by one formula. */
const MARGIN_KM = 1;

/** Returns a circle around every facility that is in reach of any scene. */
export function circleAround(
  scenes: readonly LocatedScene[],
  radiusKm: number,
): Position & { km: number } {
  const mean = (of: (position: Position) => number) =>
    scenes.reduce((sum, { position }) => sum + of(position), 0) / scenes.length;
  const centre = {
    latitude: mean(({ latitude }) => latitude),
    longitude: mean(({ longitude }) => longitude),
  };
  const farthest = Math.max(...scenes.map(({ position }) => kilometresBetween(centre, position)));
  return { ...centre, km: farthest + radiusKm + MARGIN_KM };
}

/** Returns the facilities of an area in reach of any scene; others have no part in the plan, nor in its digest. */
export function inReach(
  facilities: readonly CasualtyFacility[],
  scenes: readonly LocatedScene[],
  { area, radiusKm }: { area: string; radiusKm: number },
): CasualtyFacility[] {
  return facilities.filter(
    (facility) =>
      facility.area.startsWith(area) &&
      scenes.some(({ position }) => kilometresBetween(position, facility) <= radiusKm),
  );
}

/** Returns every scene with the hospital to which people walk from there, whichever facilities the dispatcher leaves out. */
export function withNearest(
  scenes: readonly LocatedScene[],
  known: readonly CasualtyFacility[],
  now: Date,
): Scene[] {
  const facilities = steeringFacilities(known, [], now);
  return scenes.map((scene) => ({
    ...scene,
    nearest: nearestHospital(scene.position, facilities),
  }));
}

/** Returns facilities in the form of the steering rules, with the patients whom they received in earlier waves. */
export function steeringFacilities(
  known: readonly CasualtyFacility[],
  sent: readonly SentRow[],
  now: Date,
): CandidateFacility[] {
  const sentTo = new Map<string, CandidateFacility['sent']>();
  for (const { facility, category, count } of sent) {
    sentTo.set(facility, { ...sentTo.get(facility), [category]: count });
  }
  return known.map((facility) => steeringFacility(facility, sentTo.get(facility.id) ?? {}, now));
}

function steeringFacility(
  known: CasualtyFacility,
  sent: CandidateFacility['sent'],
  now: Date,
): CandidateFacility {
  const { id, kind, latitude, longitude, traumaLevel, capabilities, intake, closures } = known;
  return {
    id,
    kind,
    sent,
    position: { latitude, longitude },
    isTraumaCentre: traumaLevel !== null,
    helipad: capabilities.includes('HELIPAD'),
    capabilities: capabilities.filter((one) => one !== 'HELIPAD'),
    ...(known.childrenOnly ? { childrenOnly: true as const } : {}),
    ...(known.capabilitiesModelled ? { capabilitiesModelled: true as const } : {}),
    ...arrival(known, now),
    // Capacity accepts stale numbers for this query, so no facility is left out for them.
    reasons: known.reasons.filter((reason) => reason !== 'STALE'),
    intake: intake.flatMap(({ category, ...one }) =>
      isSteered(category) ? [{ ...one, category, reasons: [] }] : [],
    ),
    closures: closures.map(({ categories, needs }) => ({
      categories: categories.filter(isSteered),
      needs: needs.filter((need) => need !== 'HELIPAD'),
    })),
  };
}

/** In whole minutes, so that a plan that is computed again within one has the same inputs. */
function arrival({ latestArrival }: CasualtyFacility, now: Date) {
  const minutes = latestArrival ? Math.floor((Date.parse(latestArrival) - +now) / MINUTE_MS) : 0;
  return minutes > 0 ? { arriveWithinMinutes: minutes } : {};
}

/** Whether patients of a category are sent to facilities: SK I to III. */
export function isSteered(category: TriageCategory): category is SteeredCategory {
  return (STEERED as readonly TriageCategory[]).includes(category);
}
