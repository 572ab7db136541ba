import { closedTo, type ClosedTo } from '../closures/rules.js';
import type {
  Capability,
  FacilityKind,
  Hazard,
  LeftOutCode,
  Method,
  TraumaLevel,
  TriageCategory,
} from '../generated/graphql.js';
import type { Intake } from '../intake/rules.js';
import { againstHouse } from '../places/rules.js';
import type { House } from '../places/rules/facts.js';

/** All that is known of a house that may take casualties. */
export interface CasualtyFacts extends Omit<House, 'beds' | 'intake'> {
  /** What is left included: who distributes casualties sees every intake. */
  intake: readonly Pick<Intake, 'category' | 'limit' | 'free' | 'method'>[];
  id: string;
  area: string;
  latitude: number;
  longitude: number;
  traumaLevel: TraumaLevel | null;
  childrenOnly: boolean;
}

/** A house as whoever distributes casualties weighs it. */
export interface CasualtyHouse {
  id: string;
  kind: FacilityKind;
  area: string;
  latitude: number;
  longitude: number;
  traumaLevel: TraumaLevel | null;
  capabilities: Capability[];
  childrenOnly: boolean;
  capabilitiesModelled: boolean;
  reasons: LeftOutCode[];
  intake: { category: TriageCategory; free: number; limit: number; method: Method }[];
  closures: ClosedTo[];
}

const TAKEN_TO_HOUSES: ReadonlySet<TriageCategory> = new Set(['SK_I', 'SK_II', 'SK_III']);

/** A house for a distribution under a hazard; undefined where it has said of none that it takes them. */
export function casualtyHouse(
  house: CasualtyFacts,
  hazard: Hazard | null,
): CasualtyHouse | undefined {
  const intake = house.intake.filter(({ category }) => TAKEN_TO_HOUSES.has(category));
  if (intake.length === 0) return undefined;
  const { id, kind, area, latitude, longitude, traumaLevel, capabilities } = house;
  const against = againstHouse(house, { needs: [], hazard });
  return {
    ...{ id, kind, area, latitude, longitude, traumaLevel },
    capabilities: [...capabilities],
    childrenOnly: house.childrenOnly,
    capabilitiesModelled: house.isModelled,
    reasons: [...new Set(against.map(({ code }) => code))],
    intake: intake.map(({ category, free, limit, method }) => ({ category, free, limit, method })),
    closures: house.closures.flatMap(closedTo),
  };
}
