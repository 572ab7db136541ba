import type {
  Allocation,
  AllocationLeftOver,
  AllocationLoad,
  AllocationPlan,
} from '../../generated/prisma/client.js';
import type { AssignmentCode, Method, UnallocatedCode } from '../../generated/graphql.js';
import type { ChosenParameters, Rejection } from '../../steering/rules.js';

/** A plan as one caller sees it. */
export interface PlanRow extends Omit<
  AllocationPlan,
  'parameters' | 'confirmedBy' | 'purgedAt' | 'seq'
> {
  parameters: ChosenParameters;
  /** Whether the caller leads where the patients are; otherwise they see the part of the plan that concerns them. */
  leads: boolean;
}

/** The assignment of one patient to one facility; `position` is that in the list which the caller sees. */
export interface AllocationRow extends Omit<Allocation, 'needs' | 'ventilated' | 'reasons'> {
  reasons: { code: AssignmentCode; message: string }[];
}

/** A patient to whom a plan assigns no facility. */
export interface LeftOverRow extends Omit<AllocationLeftOver, 'code'> {
  code: UnallocatedCode;
}

/** The number of patients of one category that a plan assigns to one facility. */
export interface LoadRow extends Pick<
  AllocationLoad,
  'facilityId' | 'category' | 'assigned' | 'allowed' | 'limit'
> {
  /** Position in the list that the caller sees. */
  position: number;
  /** How the intake was determined; null in plans that did not record it. */
  method: Method | null;
}

/** A facility that was not chosen, as it is stored. */
export type RejectionRow = Rejection;
