import type { Method } from '../../generated/graphql.js';
import type { SteeredCategory, Ride } from './input.js';
import type { Parameters } from './parameters.js';
import type { Exclusion } from './suitability.js';

/** A reason with its sentence for people. */
export interface Reason<Code extends string> {
  code: Code;
  message: string;
}

/** The reasons for the facility of a patient. */
export type AssignmentCode =
  /** No facility that fits and has a free slot lies nearer. */
  | 'NEAREST_WITH_A_PLACE'
  /** Nearer ones fit too, but their slots help others more; the whole plan is quickest like this. */
  | 'BEST_FOR_ALL'
  /** The facility meets all needs of the patient. */
  | 'NEEDS_MET'
  /** It does not, and policy allows it. */
  | 'NO_SPECIALIST_IN_REACH'
  /** It does not meet them, those in reach that do have no free slot, and policy allows it. */
  | 'NO_SPECIALIST_FREE'
  /** The needs of the patient are modelled of the facility: it has not declared them. */
  | 'MODELLED_CAPABILITIES'
  /** The facility has declared nothing; a planning number stands in. */
  | 'MODELLED_INTAKE'
  /** It is closed for the patient, and no open facility in reach takes them: announce them. */
  | 'CLOSURE_SET_ASIDE'
  /** It fails soon, and no other one takes the patient within the hour. */
  | 'FAILURE_SET_ASIDE'
  /** A practice, so that hospitals keep room. */
  | 'AMBULATORY'
  /** Flown, because that gains time. */
  | 'FLOWN';

/** Why a facility was not chosen. */
export type RejectionCode =
  | Exclusion
  /** Its share of this wave is given to others: it gets more after feedback. */
  | 'WAVE_SHARE_GIVEN'
  /** The remaining slots are kept for patients who come by themselves. */
  | 'KEPT_FOR_WALK_INS'
  /** All its slots are given to others in this plan. */
  | 'PLACES_GIVEN'
  /** It would get a second helping before others have had their first. */
  | 'SECOND_HELPING'
  /** A hospital, where a practice can take the patient. */
  | 'AMBULATORY_FIRST'
  /** It has a free slot, but the plan as a whole is quicker without. */
  | 'SLOWER_FOR_ALL'
  /** It has a free slot, but the distance is greater. */
  | 'FARTHER';

/** Why a patient is given no facility. */
export type UnallocatedCode =
  /** Triage comes first. */
  | 'NOT_TRIAGED'
  /** SK IV: palliative care at the scene. */
  | 'PALLIATIVE_ON_SCENE'
  /** SK IV: slots for SK I are free; a physician triages the patient again. */
  | 'TRIAGE_AGAIN'
  /** Taken nowhere by the rescue service. */
  | 'DEAD'
  /** Goes to a care centre, not to a treatment facility. */
  | 'NOT_INJURED'
  /** No facility in reach takes the category. */
  | 'NO_HOUSE_IN_REACH'
  /** No facility meets the needs, and policy forbids to waive them. */
  | 'NO_SPECIALIST_IN_REACH'
  /** Facilities that fit have free slots, which the next wave gives out. */
  | 'NEXT_WAVE'
  /** All slots of all facilities that fit are given to others. */
  | 'NO_PLACE_LEFT'
  /** The remaining slots of the facilities that fit are kept for patients who come by themselves. */
  | 'KEPT_FOR_WALK_INS'
  /** The patient has a transfer that the facility refused: the next one is named in it. */
  | 'HOUSE_REFUSED';

export interface Rejection extends Reason<RejectionCode> {
  /** `Facility.id`. */
  facility: string;
  /** By road, ESTIMATED. */
  minutes: number;
}

/** One patient with their facility. */
export interface Assignment extends Ride {
  patient: string;
  facility: string;
  category: SteeredCategory;
  minutes: number;
  /** There is no router: great circle and a mean speed. */
  method: 'ESTIMATED';
  reasons: Reason<AssignmentCode>[];
  /** The nearest facilities that take the category and were not chosen, and why not. */
  rejected: readonly Rejection[];
}

export interface UnallocatedPatient extends Reason<UnallocatedCode> {
  patient: string;
  rejected: readonly Rejection[];
}

/** The patients of one category that one facility is given. */
export interface Load {
  facility: string;
  category: SteeredCategory;
  assigned: number;
  /** How many it may be given in this wave, walk-ins kept out. */
  allowed: number;
  /** Free slots of its declared intake; never exceeded. */
  limit: number;
  /** Whether the intake is declared or modelled. */
  method: Method;
}

export interface Summary {
  patients: number;
  allocated: number;
  unallocated: number;
  /** Sum over the allocated of minutes times weight. */
  weightedMinutes: number;
  /** Sum of all that counts as minutes, patients left at the scene included; the solver minimises it. */
  cost: number;
  /** (cost - proven lower bound) / cost; 0 is proven to be the best plan of all; null when nothing is proven. */
  optimalityGap: number | null;
  solverMilliseconds: number;
  /** Whether the time limit ended the search. */
  timedOut: boolean;
  /** EXACT is proven, FEASIBLE the best found in time, NEAREST_FIT what stands in when nothing was. */
  method: 'EXACT' | 'FEASIBLE' | 'NEAREST_FIT';
}

/** A proposal; the dispatcher decides. */
export interface Plan {
  /** Digest of all inputs: equal for equal inputs, whatever the order of their lists. */
  digest: string;
  wave: number;
  parameters: Parameters;
  summary: Summary;
  /** In order of urgency. */
  assignments: Assignment[];
  unallocated: UnallocatedPatient[];
  load: Load[];
}
