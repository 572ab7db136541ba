import type { Need } from '../generated/graphql.js';
import type { LocatedScene, WaitingRow } from '../allocation/proposals/rules/demand.js';
import type {
  Casualty,
  CandidateFacility,
  Scene,
  SteeredCategory,
  SteeringInput,
} from '../steering/rules/input.js';
import { assemble } from '../steering/rules/assembly.js';
import { nearestFit } from '../steering/rules/greedy.js';
import { marketOf } from '../steering/rules/market.js';
import { offerOf } from '../steering/rules/options.js';
import { nearestHospital } from '../steering/rules/limits.js';
import { DEFAULTS, type Parameters } from '../steering/rules/parameters.js';

const KM_PER_DEGREE = 111.195;

/** A point n kilometres north of 51° N 10° E. */
export function north(kilometres: number) {
  return { latitude: 51 + kilometres / KM_PER_DEGREE, longitude: 10 };
}

export function scene(id = 'scene', kilometresNorth = 0): LocatedScene {
  return { id, position: north(kilometresNorth) };
}

let patients = 0;

/** SK I without needs, triaged at noon. */
export function casualty(part: Partial<Casualty> = {}): Casualty {
  return {
    id: `p${String((patients += 1)).padStart(6, '0')}`,
    scene: 'scene',
    category: 'SK_I',
    transportPriority: false,
    needs: [],
    ventilated: false,
    physicianEscort: false,
    triagedAt: '2026-11-21T12:00:00.000Z',
    facilityRefused: false,
    ...part,
  };
}

export function casualties(count: number, part: Partial<Casualty> = {}): Casualty[] {
  return Array.from({ length: count }, () => casualty(part));
}

export type Slots = Partial<Record<SteeredCategory, number>>;

/** Returns a trauma centre at a distance north of the scene, with these free intake slots. */
export function candidate(
  id: string,
  kilometresNorth: number,
  slots: Slots,
  part: Partial<CandidateFacility> = {},
): CandidateFacility {
  return {
    id,
    kind: 'HOSPITAL',
    position: north(kilometresNorth),
    isTraumaCentre: true,
    helipad: false,
    capabilities: [],
    reasons: [],
    intake: (Object.entries(slots) as [SteeredCategory, number][]).map(([category, free]) => ({
      category,
      free,
      limit: free,
      reasons: [],
      method: 'REPORTED' as const,
    })),
    closures: [],
    sent: {},
    ...part,
  };
}

/** The part of an input that a test is about; the rest is as `steering` has it. */
export type Part = Partial<Omit<SteeringInput, 'scenes' | 'parameters'>> & {
  scenes?: readonly LocatedScene[];
  parameters?: Partial<Parameters>;
};

/** Adds to scenes the nearest of these facilities to walk to. */
export function withNearest(
  scenes: readonly LocatedScene[],
  facilities: readonly CandidateFacility[],
): Scene[] {
  return scenes.map((one) => ({ ...one, nearest: nearestHospital(one.position, facilities) }));
}

/** Nobody walks in and nobody is far, unless a test says so. */
export function steering({
  scenes = [scene()],
  facilities = [],
  parameters,
  ...part
}: Part): SteeringInput {
  return {
    scenes: withNearest(scenes, facilities),
    facilities,
    casualties: [],
    without: [],
    radiusKm: 300,
    wave: 1,
    flights: 0,
    ...part,
    parameters: { ...DEFAULTS, walkInSkI: 0, walkInSkII: 0, walkInSkIII: 0, ...parameters },
  };
}

const NEEDS: readonly Need[] = ['NEUROSURGERY', 'BURNS', 'CHILD', 'VENTILATION', 'MAXILLOFACIAL'];

/**
 * A large incident over Germany's extent: 2,701 facilities, half of them with an intake as the clinics around Ulm have it on
 * average (45 SK I, 121 SK II, 333 SK III by 29 clinics; doi 10.1007/s00101-019-00670-z), and casualties in those shares.
 */
export function largeIncident(count: number, sceneCount: number, seed = 7): SteeringInput {
  const random = randomFrom(seed);
  const somewhere = () => ({ latitude: 47.5 + 7 * random(), longitude: 6.5 + 8 * random() });
  const scenes = Array.from({ length: sceneCount }, (_, n) => ({
    id: `s${n}`,
    position: somewhere(),
  }));
  const facilities = Array.from({ length: 2_701 }, (_, n) => {
    const hasIntake = random() < 0.5;
    const intake = hasIntake
      ? {
          SK_I: Math.floor(random() * 4),
          SK_II: Math.floor(random() * 9),
          SK_III: Math.floor(random() * 24),
        }
      : {};
    return candidate(`h${String(n).padStart(4, '0')}`, 0, intake, {
      position: somewhere(),
      isTraumaCentre: random() < 0.6,
      helipad: random() < 0.9,
      capabilities: NEEDS.filter(() => random() < 0.4),
    });
  });
  const patient = (_: unknown, n: number): Casualty => {
    const share = random() * 499;
    const minute = String(Math.floor(random() * 60)).padStart(2, '0');
    return casualty({
      id: `p${String(n).padStart(6, '0')}`,
      scene: `s${Math.floor(random() * sceneCount)}`,
      category: share < 45 ? 'SK_I' : share < 166 ? 'SK_II' : 'SK_III',
      transportPriority: random() < 0.2,
      needs: random() < 0.3 ? [NEEDS[Math.floor(random() * NEEDS.length)]!] : [],
      triagedAt: `2026-11-21T12:${minute}:00.000Z`,
    });
  };
  return {
    scenes: withNearest(scenes, facilities),
    facilities,
    without: [],
    radiusKm: 300,
    wave: 1,
    flights: 0,
    casualties: Array.from({ length: count }, patient),
    parameters: DEFAULTS,
  };
}

/** Returns waiting patients of whom most have a position of their own, far from each other. */
export function scatteredRows(count: number, seed = 7): WaitingRow[] {
  const random = randomFrom(seed);
  return largeIncident(count, 1, seed).casualties.map(({ scene: _, triagedAt, ...one }) => ({
    ...one,
    needs: [...one.needs],
    triagedAt: new Date(triagedAt!),
    transportable: null,
    latitude: 50.7 + random(),
    longitude: 6.9 + random(),
  }));
}

/** A generator of numbers from 0 to 1 that gives the same ones every time (Park and Miller). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** The summary of the plan of nearest fit, for comparison. */
export function nearestFitSummary(input: SteeringInput) {
  const market = marketOf(input);
  const offer = offerOf(market);
  const search = {
    method: 'NEAREST_FIT',
    timedOut: false,
    optimalityGap: null,
    solverMilliseconds: 0,
  } as const;
  return assemble(nearestFit(offer, market), search, offer, market).summary;
}
