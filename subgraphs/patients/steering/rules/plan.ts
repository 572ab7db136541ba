import type { Method } from '../../generated/graphql.js';
import type { SteeredCategory, Ride } from './input.js';
import type { Parameters } from './parameters.js';
import type { Exclusion } from './suitability.js';

/** A reason with its sentence for people. */
export interface Reason<Code extends string> {
  code: Code;
  message: string;
}

/** Why a patient goes where he goes. */
export type AssignmentCode =
  /** No house that fits and has a place left lies nearer. */
  | 'NEAREST_WITH_A_PLACE'
  /** Nearer ones fit too, but their places help others more; the whole plan is quickest like this. */
  | 'BEST_FOR_ALL'
  /** The house meets all his needs. */
  | 'NEEDS_MET'
  /** It does not, and policy allows it. */
  | 'NO_SPECIALIST_IN_REACH'
  /** It does not, those in reach that do have no place left, and policy allows it. */
  | 'NO_SPECIALIST_FREE'
  /** What he needs is modelled of the house: nobody of it has declared that. */
  | 'MODELLED_CAPABILITIES'
  /** The house has declared nothing; a planning number stands in. */
  | 'MODELLED_INTAKE'
  /** It is closed for him, and no open house in reach takes him: announce him. */
  | 'CLOSURE_SET_ASIDE'
  /** A practice, so that hospitals keep room. */
  | 'AMBULATORY'
  /** Flown, because that gains time. */
  | 'FLOWN';

/** Why a house was not chosen. */
export type RejectionCode =
  | Exclusion
  /** Its share of this wave is given to others: it gets more after feedback. */
  | 'WAVE_SHARE_GIVEN'
  /** What is left is kept for those who come by themselves. */
  | 'KEPT_FOR_WALK_INS'
  /** All its places are given to others in this plan. */
  | 'PLACES_GIVEN'
  /** It would get a second helping before others have had their first. */
  | 'SECOND_HELPING'
  /** A hospital, where a practice takes him. */
  | 'AMBULATORY_FIRST'
  /** It has a place, but the plan as a whole is quicker without. */
  | 'SLOWER_FOR_ALL'
  /** It has a place, but lies farther away. */
  | 'FARTHER';

/** Why a patient is given no house. */
export type UnallocatedCode =
  /** Triage comes first. */
  | 'NOT_TRIAGED'
  /** SK IV: cared for where he is, palliatively. */
  | 'PALLIATIVE_ON_SCENE'
  /** SK IV: places for SK I are left; he is to be triaged again. */
  | 'TRIAGE_AGAIN'
  /** Taken nowhere by the rescue service. */
  | 'DEAD'
  /** Goes to a place of care, not of treatment. */
  | 'NOT_INJURED'
  /** No house in reach takes his category. */
  | 'NO_HOUSE_IN_REACH'
  /** None meets his needs, and policy forbids to waive them. */
  | 'NO_SPECIALIST_IN_REACH'
  /** Houses that fit have places left, which the next wave gives out. */
  | 'NEXT_WAVE'
  /** All places of all houses that fit are given to others. */
  | 'NO_PLACE_LEFT'
  /** What is left of the houses that fit is kept for those who come by themselves. */
  | 'KEPT_FOR_WALK_INS'
  /** He has a transfer whose house refused: the next one is named in it. */
  | 'HOUSE_REFUSED';

export interface Rejection extends Reason<RejectionCode> {
  /** `Facility.id`. */
  facility: string;
  /** By road, ESTIMATED. */
  minutes: number;
}

/** One patient with his house. */
export interface Assignment extends Ride {
  patient: string;
  facility: string;
  category: SteeredCategory;
  minutes: number;
  /** There is no router: great circle and a mean speed. */
  method: 'ESTIMATED';
  reasons: Reason<AssignmentCode>[];
  /** The nearest houses that take his category and were not chosen, and why not. */
  rejected: readonly Rejection[];
}

export interface UnallocatedPatient extends Reason<UnallocatedCode> {
  patient: string;
  rejected: readonly Rejection[];
}

/** What one house is given of one category. */
export interface Load {
  facility: string;
  category: SteeredCategory;
  assigned: number;
  /** How many it may be given in this wave, walk-ins kept out. */
  allowed: number;
  /** Free places of its declared intake; never exceeded. */
  limit: number;
  /** How the intake came about. */
  method: Method;
}

export interface Summary {
  patients: number;
  allocated: number;
  unallocated: number;
  /** Sum over the allocated of minutes times weight. */
  weightedMinutes: number;
  /** Sum of all that counts as minutes, those left at the scene included: what is minimised. */
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
  /** Of all inputs: the same inputs have the same digest, in whatever order they come. */
  digest: string;
  wave: number;
  parameters: Parameters;
  summary: Summary;
  /** First whoever is taken first. */
  assignments: Assignment[];
  unallocated: UnallocatedPatient[];
  load: Load[];
}
