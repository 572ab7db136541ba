import type {
  AllocationMethod,
  AllocationStatus,
  AssignmentCode,
  AssignmentOutcome,
  LostCode,
  Method,
  RejectionCode,
  TransportMeans,
  TriageCategory,
  UnallocatedCode,
} from '../../generated/graphql.js';
import type { ChosenParameters } from '../../steering/rules.js';

/** A plan as it is kept, as one caller sees it. */
export interface PlanRow {
  id: string;
  /** Exactly one of the two is set: whose patients it is for. */
  incident: string | null;
  facility: string | null;
  /** AGS of the Kreis where the patients are. */
  area: string;
  status: AllocationStatus;
  wave: number;
  digest: string;
  parameters: ChosenParameters;
  patients: number;
  allocated: number;
  weightedMinutes: number;
  cost: number;
  optimalityGap: number | null;
  solverMilliseconds: number;
  timedOut: boolean;
  method: AllocationMethod;
  proposedAt: Date;
  proposedBy: string;
  settledAt: Date | null;
  settledBy: string | null;
  settledReason: string | null;
  /** Whether whoever confirmed it may approve clinical transfers of the area. */
  approved: boolean;
  /** Whether the caller leads where the patients are; otherwise he sees his part of it. */
  leads: boolean;
}

/** One patient with his house in one plan. */
export interface AllocationRow {
  plan: string;
  /** Place in the list that the caller sees. */
  position: number;
  patient: string;
  facility: string;
  facilityArea: string;
  category: TriageCategory;
  minutes: number;
  means: TransportMeans;
  withPhysician: boolean;
  reasons: { code: AssignmentCode; message: string }[];
  /** Number of the explanation in the plan; null where none is kept. */
  explanation: number | null;
  outcome: AssignmentOutcome;
  overrideReason: string | null;
  lostTo: LostCode | null;
  lostReason: string | null;
  transfer: string | null;
}

/** A patient to whom a plan gives no house. */
export interface LeftOverRow {
  plan: string;
  position: number;
  patient: string;
  code: UnallocatedCode;
  reason: string;
  explanation: number | null;
}

/** What a plan gives one house of one category. */
export interface LoadRow {
  /** Place in the list that the caller sees. */
  position: number;
  facility: string;
  category: TriageCategory;
  assigned: number;
  allowed: number;
  limit: number;
  /** How the intake came about; null where nobody noted it. */
  method: Method | null;
}

/** A house that was not chosen, as it is kept. */
export interface RejectionRow {
  facility: string;
  minutes: number;
  code: RejectionCode;
  message: string;
}
