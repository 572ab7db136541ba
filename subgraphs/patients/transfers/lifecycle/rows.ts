import type {
  Patient,
  Transfer,
  TransferApproval,
  TransferStep,
  TriageCategory,
} from '../../generated/prisma/client.js';

/** A transfer as it is stored, as one caller sees it. */
export interface TransferRow extends Omit<Transfer, 'intake' | 'createdBy' | 'seq'> {
  __typename: 'Transfer';
  patientArea: string;
  patientCategory: TriageCategory;
  seesPatient: boolean;
  /** Whether the destination has accepted and its slot is being reserved. */
  accepting: boolean;
  /** Only for a caller who may no longer see the transfer: the steps that the caller took, and nothing else is shown. */
  ownSteps?: StepRow[];
}

/** A step as it is shown. */
export type StepRow = Omit<TransferStep, 'position' | 'act' | 'attempt'>;

/** An approval as it is shown. */
export type ApprovalRow = Omit<TransferApproval, 'seq'>;

/** A locked patient, with the area that a transfer of theirs starts from. */
export interface PatientToMove extends Pick<
  Patient,
  'id' | 'incidentId' | 'facilityId' | 'area' | 'category' | 'diedAt' | 'transportable'
> {
  fromArea: string;
}
