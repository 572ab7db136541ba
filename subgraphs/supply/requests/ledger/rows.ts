import type { SelectedRow } from '../../../../shared/database/index.js';
import type {
  SupplyCommitment,
  SupplyLine,
  SupplyRequest,
  SupplyStep,
} from '../../generated/prisma/client.js';

export type RequestRow = Omit<SupplyRequest, 'seq'>;
export type LineRow = SelectedRow<SupplyLine>;
export type CommitmentRow = SelectedRow<Omit<SupplyCommitment, 'committedBy' | 'seq'>>;
export type StepRow = SelectedRow<Omit<SupplyStep, 'seq'>>;
