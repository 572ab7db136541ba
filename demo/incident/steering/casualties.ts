import { kilometresOutside } from '../../../shared/areas/index.js';
import type { Scene } from '../../client/scene.js';

/** One casualty of a synthetic incident, as registered after a physician's triage. */
export interface SyntheticCasualty {
  tag: string;
  category: 'SK_I' | 'SK_II' | 'SK_III';
  physician: true;
  transportPriority: boolean;
  needs: ('NEUROSURGERY' | 'CHILD')[];
  physicianEscort: boolean;
  /** Index of the scene of the incident. */
  scene: number;
}

/**
 * The shares of casualties that 29 clinics around Ulm treat round the clock: 45 SK I, 121 SK II, 333 SK III (doi
 * 10.1007/s00101-019-00670-z). No source gives shares of needs, so these are assumptions of the exercise.
 */
const SHARES = { SK_I: 45, SK_II: 121, SK_III: 333 } as const;
const ALL_SHARES = SHARES.SK_I + SHARES.SK_II + SHARES.SK_III;
const WITH_HEAD_INJURY = { SK_I: 0.2, SK_II: 0.05, SK_III: 0 };
const CHILDREN = 0.1;
const WITH_PRIORITY = 0.2;

/** Returns casualties spread over a number of scenes; the same seed returns the same casualties. */
export function syntheticCasualties(
  count: number,
  scenes: number,
  seed: number,
): SyntheticCasualty[] {
  const random = randomFrom(seed);
  const digits = String(count).length;
  return Array.from({ length: count }, (_, index) => {
    const category = categoryOf(random() * ALL_SHARES);
    const hasHeadInjury = random() < WITH_HEAD_INJURY[category];
    const isChild = random() < CHILDREN;
    return {
      tag: `S${String(index + 1).padStart(digits, '0')}`,
      category,
      physician: true,
      transportPriority: random() < WITH_PRIORITY,
      needs: [
        ...(hasHeadInjury ? (['NEUROSURGERY'] as const) : []),
        ...(isChild ? (['CHILD'] as const) : []),
      ],
      physicianEscort: category === 'SK_I',
      scene: Math.floor(random() * scenes),
    };
  });
}

/** The hub accepts positions up to 50 km outside the Kreis of an incident. */
const MOST_KM_OUTSIDE = 50;
const KM_PER_DEGREE = 111.2;

/**
 * Returns the scenes of an incident: the Kreis in which it was declared, and those nearest to it. A scene that is too far away
 * for the hub is moved towards the first one.
 */
export function scenesAround(scene: Scene, all: readonly Scene[], count: number): Scene[] {
  const nearness = ({ position }: Scene) => {
    // Degrees of longitude are shorter than those of latitude; good enough for an order.
    const east = position.longitude - scene.position.longitude;
    const north = position.latitude - scene.position.latitude;
    return Math.hypot(east * Math.cos((scene.position.latitude * Math.PI) / 180), north);
  };
  const nearest = [...all].sort((a, b) => nearness(a) - nearness(b)).slice(0, count);
  return nearest.map((other) => {
    if ((kilometresOutside(scene.area, other.position) ?? 0) <= MOST_KM_OUTSIDE) return other;
    const share = MOST_KM_OUTSIDE / (nearness(other) * KM_PER_DEGREE);
    const between = (axis: 'latitude' | 'longitude') =>
      scene.position[axis] + share * (other.position[axis] - scene.position[axis]);
    return {
      ...other,
      position: { latitude: between('latitude'), longitude: between('longitude') },
    };
  });
}

function categoryOf(share: number): SyntheticCasualty['category'] {
  if (share < SHARES.SK_I) return 'SK_I';
  return share < SHARES.SK_I + SHARES.SK_II ? 'SK_II' : 'SK_III';
}

/** Returns a generator of numbers from 0 to 1 that is the same for the same seed (Park and Miller). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
