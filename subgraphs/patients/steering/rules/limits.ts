import { isSteered } from './classes.js';
import type { CandidateFacility, Position, SteeredCategory, SteeringInput } from './input.js';
import { AMBULATORY, intakeOf } from './suitability.js';
import { kilometresBetween } from './travel.js';

/** How many of a category a facility may be given in this plan, and what bounds it. */
export interface Limit {
  allowed: number;
  /** Free slots of the declared intake. */
  free: number;
  /** Kept free for those who come by themselves. */
  keptForWalkIns: number;
  /** The limit that is reached first. */
  bound: 'SLOTS' | 'WAVE' | 'WALK_INS';
  /** The slots by helping, beginning with the first that is not used up. */
  helpings: { helping: number; slots: number }[];
}

/** Expected walk-ins by facility. */
export type WalkIns = ReadonlyMap<string, Readonly<Record<SteeredCategory, number>>>;

/**
 * A facility is given small numbers at first, and more only after all others have had theirs and said how they get on
 * (Wellenplan, Sefrin/Messerer, Anästhesiologie & Intensivmedizin 11/2011): up to wave n at most n helpings in all.
 */
export function limitOf(
  facility: CandidateFacility,
  category: SteeredCategory,
  walkIns: WalkIns,
  { wave, parameters }: Pick<SteeringInput, 'wave' | 'parameters'>,
): Limit {
  const free = intakeOf(facility, category)?.free ?? 0;
  const keptForWalkIns = Math.min(free, walkIns.get(facility.id)?.[category] ?? 0);
  const { waveSkI, waveSkII, waveSkIII } = parameters;
  const helping = { SK_I: waveSkI, SK_II: waveSkII, SK_III: waveSkIII }[category];
  const sent = facility.sent[category] ?? 0;
  const ofWaves = Math.max(0, helping * wave - sent);
  const allowed = Math.min(ofWaves, free - keptForWalkIns);
  const bound = ofWaves === allowed ? 'WAVE' : keptForWalkIns > 0 ? 'WALK_INS' : 'SLOTS';
  return { allowed, free, keptForWalkIns, bound, helpings: divided(allowed, helping, sent) };
}

function divided(allowed: number, helping: number, sent: number): Limit['helpings'] {
  const helpings = [];
  for (let left = allowed, from = sent; left > 0;) {
    const number = Math.floor(from / helping);
    const slots = Math.min(left, (number + 1) * helping - from);
    helpings.push({ helping: number, slots });
    left -= slots;
    from += slots;
  }
  return helpings;
}

/**
 * Patients who can walk go to the nearest hospital unasked. Its slots for them are kept free, or it is overrun before
 * the first ambulance arrives (doi 10.1007/s00101-019-00670-z).
 */
export function walkInsOf({
  scenes,
  casualties,
  parameters,
}: Pick<SteeringInput, 'scenes' | 'casualties' | 'parameters'>): WalkIns {
  const { walkInSkI: SK_I, walkInSkII: SK_II, walkInSkIII: SK_III } = parameters;
  const shares = { SK_I, SK_II, SK_III };
  const nearestTo = new Map(scenes.map(({ id, nearest }) => [id, nearest]));
  const here = new Map<string, Record<SteeredCategory, number>>();
  for (const casualty of casualties) {
    const nearest = nearestTo.get(casualty.scene);
    if (nearest == null || !isSteered(casualty)) continue;
    const counted = here.get(nearest) ?? { SK_I: 0, SK_II: 0, SK_III: 0 };
    counted[casualty.category as SteeredCategory] += 1;
    here.set(nearest, counted);
  }
  // Rounded once for all scenes: many small ones expect together what none of them would alone.
  const expected = (counted: Record<SteeredCategory, number>, category: SteeredCategory) =>
    Math.round(shares[category] * counted[category]);
  return new Map(
    [...here].map(([facility, counted]) => [
      facility,
      {
        SK_I: expected(counted, 'SK_I'),
        SK_II: expected(counted, 'SK_II'),
        SK_III: expected(counted, 'SK_III'),
      },
    ]),
  );
}

/** People walk to a hospital whether or not it has room; one that takes no casualties at all is none they know of. */
export function nearestHospital(
  from: Position,
  facilities: readonly Pick<CandidateFacility, 'id' | 'kind' | 'position' | 'intake'>[],
): string | null {
  let nearest: string | null = null;
  let shortest = Infinity;
  for (const { id, kind, position, intake } of facilities) {
    if (AMBULATORY.has(kind) || intake.length === 0) continue;
    const kilometres = kilometresBetween(from, position);
    if (kilometres < shortest || (kilometres === shortest && id < nearest!)) {
      [nearest, shortest] = [id, kilometres];
    }
  }
  return nearest;
}
