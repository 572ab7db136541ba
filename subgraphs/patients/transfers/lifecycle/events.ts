import type { TransferStatus } from '../../generated/graphql.js';

/** Something that is published of a transfer: its new status, or another change. */
export type TransferChangeName =
  | TransferStatus
  | 'ESCALATED'
  | 'RESERVATION_KEPT'
  | 'RESERVATION_LOST'
  | 'RESERVATION_REFUSED'
  | 'APPROVED_IN_PART'
  | 'INCONSISTENT';

/** Topics of the changes of a transfer. Their events name the transfer as their entity; `transferChanged` delivers all of them. */
export const TRANSFER_TOPICS = {
  REQUESTED: 'patients.transfer-requested',
  DEFERRED: 'patients.transfer-deferred',
  APPROVED: 'patients.transfer-approved',
  REJECTED: 'patients.transfer-rejected',
  DESTINATION_REQUESTED: 'patients.transfer-destination-requested',
  ACCEPTED: 'patients.transfer-accepted',
  REFUSED: 'patients.transfer-refused',
  TRANSPORT_SOUGHT: 'patients.transfer-transport-sought',
  TRANSPORT_ASSIGNED: 'patients.transfer-transport-assigned',
  PICKED_UP: 'patients.transfer-picked-up',
  UNDER_WAY: 'patients.transfer-under-way',
  DIVERTED: 'patients.transfer-diverted',
  ARRIVED: 'patients.transfer-arrived',
  HANDED_OVER: 'patients.transfer-handed-over',
  CANCELLED: 'patients.transfer-cancelled',
  DIED: 'patients.transfer-died',
  ESCALATED: 'patients.transfer-escalated',
  RESERVATION_KEPT: 'patients.transfer-reservation-kept',
  RESERVATION_LOST: 'patients.transfer-reservation-lost',
  RESERVATION_REFUSED: 'patients.transfer-reservation-refused',
  APPROVED_IN_PART: 'patients.transfer-approved-in-part',
  INCONSISTENT: 'patients.transfer-inconsistent',
} as const satisfies Readonly<Record<TransferChangeName, string>>;

export function isOfTransfer({ topic }: { topic: string }): boolean {
  return topic.startsWith('patients.transfer-');
}
