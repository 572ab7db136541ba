import type { TransferAct, TransferStatus } from '../../../generated/graphql.js';

/** An operation on a reservation in capacity. */
export type ReservationOperation = 'RESERVE' | 'CONFIRM' | 'REDEEM' | 'RELEASE';

const AFTER: Partial<Record<TransferAct, ReservationOperation>> = {
  PICK_UP: 'CONFIRM',
  ARRIVE: 'REDEEM',
  DIE: 'RELEASE',
  REQUEST_DESTINATION: 'RELEASE',
  REFUSE: 'RELEASE',
  REJECT: 'RELEASE',
  CANCEL: 'RELEASE',
  DIVERT: 'RELEASE',
  LAPSE: 'RELEASE',
};

/**
 * The operation that follows from a step of a transfer for which something is reserved. A patient who dies after the arrival
 * has used it: the next report of the facility shows when it is free.
 */
export function operationAfter(
  act: TransferAct,
  before: TransferStatus,
): ReservationOperation | undefined {
  return act === 'DIE' && before === 'ARRIVED' ? undefined : AFTER[act];
}
