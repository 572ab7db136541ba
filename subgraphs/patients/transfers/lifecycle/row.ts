import type {
  ApprovalLevel,
  BedCategory,
  TransferKind,
  TransferStatus,
  TransportMeans,
  TriageCategory,
} from '../../generated/graphql.js';

/** A transfer as it is kept, as one caller sees it. */
export interface TransferRow {
  __typename: 'Transfer';
  id: string;
  kind: TransferKind;
  patient: string;
  incident: string | null;
  status: TransferStatus;
  statusAt: Date;
  fromFacility: string | null;
  fromArea: string;
  toFacility: string | null;
  toArea: string | null;
  bedCategory: BedCategory | null;
  attempt: number;
  /** The slot that is reserved, by an acceptance or an allocation. */
  reservation: string | null;
  item: string | null;
  placeUntil: Date | null;
  vehicle: string | null;
  means: TransportMeans | null;
  estimatedArrival: Date | null;
  dueAt: Date | null;
  escalatedAt: Date | null;
  createdAt: Date;
  patientArea: string;
  patientCategory: TriageCategory;
  seesPatient: boolean;
  /** Whether the destination has accepted and its slot is being reserved. */
  accepting: boolean;
  /** Only for a caller who may no longer see the transfer: the steps that the caller took, and nothing else is shown. */
  ownSteps?: StepRow[];
}

export interface StepRow {
  transfer: string;
  status: TransferStatus;
  at: Date;
  by: string;
  reason: string | null;
  facility: string | null;
}

export interface ApprovalRow {
  transfer: string;
  level: ApprovalLevel;
  area: string;
  at: Date;
  by: string;
  reason: string | null;
}
