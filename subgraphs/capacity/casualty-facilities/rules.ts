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
import { latestArrival } from '../sustainability/rules.js';
import { againstFacility, type FacilityFacts } from '../facility-search/rules.js';

/** All that is known of a facility that may take casualties. */
export interface CasualtyFacts extends Omit<FacilityFacts, 'beds' | 'intake'> {
  /** With what is left: a caller who distributes casualties sees every intake. */
  intake: readonly Pick<Intake, 'category' | 'limit' | 'free' | 'method'>[];
  id: string;
  area: string;
  latitude: number;
  longitude: number;
  traumaLevel: TraumaLevel | null;
  childrenOnly: boolean;
}

/** The facts of a facility that matter for a distribution of casualties. */
export interface CasualtyFacility {
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
  latestArrival: Date | null;
  intake: { category: TriageCategory; free: number; limit: number; method: Method }[];
  closures: ClosedTo[];
}

const TREATED_IN_HOSPITALS: ReadonlySet<TriageCategory> = new Set(['SK_I', 'SK_II', 'SK_III']);

/** A facility for a distribution under a hazard; undefined where it has said of none that it takes them. */
export function casualtyFacility(
  facility: CasualtyFacts,
  hazard: Hazard | null,
): CasualtyFacility | undefined {
  const intake = facility.intake.filter(({ category }) => TREATED_IN_HOSPITALS.has(category));
  if (intake.length === 0) return undefined;
  const { id, kind, area, latitude, longitude, traumaLevel, capabilities } = facility;
  const against = againstFacility(facility, { needs: [], hazard });
  return {
    id,
    kind,
    area,
    latitude,
    longitude,
    traumaLevel,
    capabilities: [...capabilities],
    childrenOnly: facility.childrenOnly,
    capabilitiesModelled: facility.isModelled,
    reasons: [
      ...new Set([
        ...against.map(({ code }) => code),
        ...(facility.failsAt === null ? [] : (['NOT_SUSTAINABLE'] as const)),
      ]),
    ],
    latestArrival: facility.failsAt && latestArrival(facility.failsAt),
    intake: intake.map(({ category, free, limit, method }) => ({ category, free, limit, method })),
    closures: facility.closures.flatMap(closedTo),
  };
}
