import type { FreeBeds } from '../../beds/index.js';
import type { StoredClosure } from '../../closures/rules.js';
import type {
  BedCategory,
  Capability,
  CareLevel,
  FacilityKind,
  Hazard,
  TriageCategory,
  Urgency,
} from '../../generated/graphql.js';
import type { Intake, OpenIntake } from '../../intake/rules.js';
import type { DeclaredPhase } from '../../phases/index.js';

/** Sichtungskategorien of patients who are treated; the dead are transported to no facility. */
export type TreatedCategory = Exclude<TriageCategory, 'EX'>;

/** The requirements of a search for facilities. */
export interface SearchCriteria {
  categories: readonly BedCategory[];
  intake: readonly TreatedCategory[];
  needs: readonly Capability[];
  /** Under which the patients are steered. */
  hazard: Hazard | null;
  /** Of the patient who is to get the bed. */
  urgency: Urgency;
  acceptStale: boolean;
}

/** The beds of one category by the report in force. */
export type BedsFacts = Omit<FreeBeds, 'facilityId'>;

/** The intake of one Sichtungskategorie at this moment; `reserved` and `free` are null for those who may not know them. */
export type CasualtyFacts = Pick<
  Intake | OpenIntake,
  'category' | 'limit' | 'reserved' | 'free' | 'method'
>;

/** All that is known of a facility and matters here. */
export interface FacilityFacts {
  kind: FacilityKind;
  capabilities: readonly Capability[];
  /** Whether the capabilities are modelled: nobody of the facility has declared them. */
  isModelled: boolean;
  careLevel: CareLevel;
  /** In force. */
  closures: readonly StoredClosure[];
  /** In force where it lies, strictest first. */
  phases: readonly DeclaredPhase[];
  /** The hour of failure where the facility takes no casualties because of it; null otherwise. */
  failsAt: Date | null;
  beds: readonly BedsFacts[];
  intake: readonly CasualtyFacts[];
}
