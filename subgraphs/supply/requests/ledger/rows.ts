import type {
  SupplyCommitment,
  SupplyLine,
  SupplyRequest,
  SupplyStep,
} from '../../generated/prisma/client.js';
import type { CommitmentQuantities, LineQuantities } from './rules.js';

/** Quantities are exact in the database and numbers here, see quantities.ts. */
export type RequestRow = Omit<SupplyRequest, 'seq'>;
export type LineRow = Omit<SupplyLine, keyof LineQuantities> & LineQuantities;
export type CommitmentRow = Omit<
  SupplyCommitment,
  keyof CommitmentQuantities | 'committedBy' | 'seq'
> &
  CommitmentQuantities;
export type StepRow = Omit<SupplyStep, 'seq' | 'quantity'> & { quantity: number | null };
