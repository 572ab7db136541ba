/** Transfers, their statuses and what moves them: every other concept of this module changes transfers through these. */
export { TransferClock } from './clock.js';
export { createMany } from './creation.js';
export {
  RESERVATION_JOB,
  type ReservationInput,
  type TransferJob,
  addTransferJob,
} from './new-reservation-job.js';
export { checkReason, notPossible, unknownTransfer } from './refusals.js';
export { isReservationConflict } from './reservation-conflict.js';
export { transferResolvers } from './resolvers.js';
export type { ApprovalRow, PatientToMove, TransferRow } from './rows.js';
export { levelsOf, sidesOf } from './sides.js';
export {
  ERASE_APPROVAL_REASONS,
  ERASE_STEP_REASONS,
  STORE_APPROVAL,
} from './statements-changes.js';
export { APPROVALS_OF_TRANSFERS, PATIENT_TO_MOVE } from './statements.js';
export { isReservationUsed, publishTransfers, storeReservation } from './store-changes.js';
export {
  activeTransferOf,
  lockLoad,
  lockTransfers,
  lockTransfersUnchecked,
  lockUnchecked,
} from './store-locks.js';
export { TransferStore } from './store.js';
export { CLOCK, type PerformedAct, advance, transition } from './transition.js';
export { transferVisibilityOf } from './visibility.js';
