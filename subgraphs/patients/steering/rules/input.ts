import type { Method, Need, TransportMeans, TriageCategory } from '../../generated/graphql.js';
import type { Parameters } from './parameters.js';

/** A point on the map, WGS 84, degrees. */
export interface Position {
  latitude: number;
  longitude: number;
}

/** Where casualties are: a section of an incident, or the facility that sends them on. */
export interface Scene {
  id: string;
  position: Position;
  /** `CandidateFacility.id` of the hospital that walk-ins go to, a candidate or not; null where nobody walks to any. */
  nearest: string | null;
}

/**
 * All that steering may know of a patient: the order of urgency follows from Sichtungskategorie, transport priority and
 * the time since triage. Age, sex, disability, insurance and nationality do not exist here, so that no rule can use
 * them (Art. 3 Abs. 3 GG; § 5c IfSG).
 */
export interface Casualty {
  id: string;
  /** `Scene.id`. */
  scene: string;
  category: TriageCategory;
  transportPriority: boolean;
  needs: readonly Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  /** ISO 8601; null for an untriaged patient. */
  triagedAt: string | null;
  /** Whether the destination has refused the patient: their transfer waits for the next facility to be named. */
  facilityRefused: boolean;
}

/** Sichtungskategorien of patients who are steered to a facility. */
export type SteeredCategory = 'SK_I' | 'SK_II' | 'SK_III';

export const STEERED: readonly SteeredCategory[] = ['SK_I', 'SK_II', 'SK_III'];

/** The reasons for which capacity does not count intake slots (`LeftOutCode` of its `places`). */
export type CapacityReason =
  | 'NO_PLACE_LEFT'
  | 'NOT_REPORTED'
  | 'NEED_UNMET'
  | 'CLOSED'
  | 'OVERWHELMED'
  | 'HAZARD'
  | 'NOT_SUSTAINABLE';

/** The intake of a facility for one Sichtungskategorie now, as capacity's `places` returns it (`PlaceIntake`). */
export interface CandidateIntake {
  category: SteeredCategory;
  /** `PlaceIntake.free`: slots of the limit that nobody has reserved, usable or not. */
  free: number;
  /** `PlaceIntake.limit`. */
  limit: number;
  /** Codes of `PlaceIntake.reasons`; empty where the slots are usable. */
  reasons: readonly CapacityReason[];
  /** Whether the facility has declared nothing and the planning number of the Krankenhauskataster stands in. */
  method: Method;
}

/** A facility that the plan can choose. */
export interface CandidateFacility {
  /** `Facility.id`. */
  id: string;
  /** `FacilityKind`. */
  kind: string;
  position: Position;
  isTraumaCentre: boolean;
  helipad: boolean;
  capabilities: readonly Need[];
  /** It treats children and nobody else; left out where that is not declared. */
  childrenOnly?: true;
  /** Trauma level and capabilities are modelled; left out where the facility declared them or nothing is known. */
  capabilitiesModelled?: true;
  /** With NOT_SUSTAINABLE: SK I whom no other facility takes in time may arrive in fewer minutes; left out where nobody may. */
  arriveWithinMinutes?: number;
  /** The reasons against the facility as a whole (`LeftOut.reasons` that name no category), such as OVERWHELMED. */
  reasons: readonly CapacityReason[];
  /** A missing category was never declared. */
  intake: readonly CandidateIntake[];
  /** Closed departments: patients who need one of these are steered elsewhere if their category is among those named. */
  closures: readonly { needs: readonly Need[]; categories: readonly SteeredCategory[] }[];
  /** Patients of this incident it was already given, in earlier waves. */
  sent: Readonly<Partial<Record<SteeredCategory, number>>>;
}

/** All that a plan depends on. The order within the lists means nothing. */
export interface SteeringInput {
  scenes: readonly Scene[];
  /** Patients without a slot. */
  casualties: readonly Casualty[];
  facilities: readonly CandidateFacility[];
  /** Facilities the dispatcher leaves out, by id. */
  without: readonly string[];
  /** Great circle from the scene; facilities beyond are out of reach. */
  radiusKm: number;
  /** Number of the wave, 1 for the first. A facility takes at most its limit in each wave up to this one. */
  wave: number;
  /** How many patients can be flown in this wave; 0 at night, in bad weather, or without helicopters. */
  flights: number;
  parameters: Parameters;
}

/** How a patient travels. */
export interface Ride {
  means: TransportMeans;
  /** Whether a physician goes along. */
  withPhysician: boolean;
}
