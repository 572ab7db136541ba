import type { House, Scene, SteeredCategory, SteeringInput } from './input.js';
import { AMBULATORY, intakeOf } from './suitability.js';
import { kilometresBetween } from './travel.js';

/** How many of a category a house may be given in this plan, and what bounds it. */
export interface Limit {
  allowed: number;
  /** What is free of the declared intake. */
  free: number;
  /** Kept free for those who come by themselves. */
  keptForWalkIns: number;
  /** What bounds `allowed`. */
  bound: 'PLACES' | 'WAVE' | 'WALK_INS';
  /** The places by helping, beginning with the first that is not used up. */
  helpings: { helping: number; places: number }[];
}

/** Expected walk-ins by house. */
export type WalkIns = ReadonlyMap<string, Readonly<Record<SteeredCategory, number>>>;

/**
 * A house is given small numbers at first, and more only after all others have had theirs and said how they get on
 * (Wellenplan, Sefrin/Messerer, Anästhesiologie & Intensivmedizin 11/2011): up to wave n at most n helpings in all.
 */
export function limitOf(
  house: House,
  category: SteeredCategory,
  walkIns: WalkIns,
  { wave, parameters }: Pick<SteeringInput, 'wave' | 'parameters'>,
): Limit {
  const free = intakeOf(house, category)?.free ?? 0;
  const keptForWalkIns = Math.min(free, walkIns.get(house.id)?.[category] ?? 0);
  const { waveSkI, waveSkII, waveSkIII } = parameters;
  const helping = { SK_I: waveSkI, SK_II: waveSkII, SK_III: waveSkIII }[category];
  const sent = house.sent[category] ?? 0;
  const ofWaves = Math.max(0, helping * wave - sent);
  const allowed = Math.min(ofWaves, free - keptForWalkIns);
  const bound = ofWaves === allowed ? 'WAVE' : keptForWalkIns > 0 ? 'WALK_INS' : 'PLACES';
  return { allowed, free, keptForWalkIns, bound, helpings: divided(allowed, helping, sent) };
}

function divided(allowed: number, helping: number, sent: number): Limit['helpings'] {
  const helpings = [];
  for (let left = allowed, from = sent; left > 0;) {
    const number = Math.floor(from / helping);
    const places = Math.min(left, (number + 1) * helping - from);
    helpings.push({ helping: number, places });
    left -= places;
    from += places;
  }
  return helpings;
}

/**
 * Whoever can walk goes to the nearest hospital unasked. Its places for them are kept free, or it is overrun before the
 * first ambulance arrives (doi 10.1007/s00101-019-00670-z).
 */
export function walkInsOf({ scenes, casualties, houses, parameters }: SteeringInput): WalkIns {
  const { walkInSkI, walkInSkII, walkInSkIII } = parameters;
  const walkIns = new Map<string, Record<SteeredCategory, number>>();
  for (const scene of scenes) {
    const nearest = nearestHospital(scene, houses);
    if (!nearest) continue;
    const here = casualties.filter((casualty) => casualty.scene === scene.id);
    const expected = (category: SteeredCategory, share: number) =>
      Math.round(share * here.filter((casualty) => casualty.category === category).length);
    const before = walkIns.get(nearest.id) ?? { SK_I: 0, SK_II: 0, SK_III: 0 };
    walkIns.set(nearest.id, {
      SK_I: before.SK_I + expected('SK_I', walkInSkI),
      SK_II: before.SK_II + expected('SK_II', walkInSkII),
      SK_III: before.SK_III + expected('SK_III', walkInSkIII),
    });
  }
  return walkIns;
}

/** People walk to a hospital whether or not it has room; one that takes no casualties at all is none they know of. */
function nearestHospital(scene: Scene, houses: readonly House[]): House | undefined {
  let nearest: House | undefined;
  let shortest = Infinity;
  for (const house of houses) {
    if (AMBULATORY.has(house.kind) || house.intake.length === 0) continue;
    const kilometres = kilometresBetween(scene.position, house.position);
    if (kilometres < shortest) [nearest, shortest] = [house, kilometres];
  }
  return nearest;
}
