import type { Method, Need, TriageCategory } from '../../../generated/graphql.js';
import {
  type CapacityReason,
  type House,
  kilometresBetween,
  nearestHospital,
  type Position,
  type Scene,
  type SteeredCategory,
} from '../../../steering/rules.js';
import type { Place } from './demand.js';

/** A house as capacity has it (`CasualtyHouse`). */
export interface KnownHouse extends Position {
  id: string;
  kind: string;
  area: string;
  traumaLevel: string | null;
  capabilities: (Need | 'HELIPAD')[];
  childrenOnly?: boolean;
  capabilitiesModelled?: boolean;
  reasons: CapacityReason[];
  intake: { category: SteeredCategory; free: number; limit: number; method: Method }[];
  closures: { categories: SteeredCategory[]; needs: Need[] }[];
}

/** Whom an incident has given to a house so far. */
export interface SentRow {
  facility: string;
  category: TriageCategory;
  count: number;
}

/** Some metres more than is asked for: whether a house is in reach is decided here, by one formula. */
const MARGIN_KM = 1;

/** A circle around every house that is in reach of any scene. */
export function circleAround(
  scenes: readonly Place[],
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

/** The houses of an area in reach of any scene; others have no part in the plan, nor in its digest. */
export function inReach(
  houses: readonly KnownHouse[],
  scenes: readonly Place[],
  { area, radiusKm }: { area: string; radiusKm: number },
): KnownHouse[] {
  return houses.filter(
    (house) =>
      house.area.startsWith(area) &&
      scenes.some(({ position }) => kilometresBetween(position, house) <= radiusKm),
  );
}

/** Every scene with the hospital people walk to from there, whichever houses the dispatcher asks or leaves out. */
export function withNearest(scenes: readonly Place[], known: readonly KnownHouse[]): Scene[] {
  const houses = housesFor(known, []);
  return scenes.map((scene) => ({ ...scene, nearest: nearestHospital(scene.position, houses) }));
}

export function housesFor(known: readonly KnownHouse[], sent: readonly SentRow[]): House[] {
  const sentTo = new Map<string, House['sent']>();
  for (const { facility, category, count } of sent) {
    sentTo.set(facility, { ...sentTo.get(facility), [category]: count });
  }
  return known.map((house) => houseOf(house, sentTo.get(house.id) ?? {}));
}

function houseOf(known: KnownHouse, sent: House['sent']): House {
  const { id, kind, latitude, longitude, traumaLevel, capabilities, reasons, closures } = known;
  return {
    ...{ id, kind, reasons, closures, sent },
    position: { latitude, longitude },
    isTraumaCentre: traumaLevel !== null,
    helipad: capabilities.includes('HELIPAD'),
    capabilities: capabilities.filter((one) => one !== 'HELIPAD'),
    ...(known.childrenOnly ? { childrenOnly: true as const } : {}),
    ...(known.capabilitiesModelled ? { capabilitiesModelled: true as const } : {}),
    intake: known.intake.map((one) => ({ ...one, reasons: [] })),
  };
}
