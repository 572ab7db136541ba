import { callersFault, throwIfFault } from '../../../../shared/errors/index.js';
import { noneWithId, reasonFault, type WithTypename } from '../../../../shared/validation/rules.js';
import type { TransferAct, UnknownTransfer } from '../../generated/graphql.js';
import { possibleIn, type ActRefusal } from './rules.js';
import type { TransferRow } from './rows.js';

/**
 * Refuses an act that the rules do not allow: an act of another side is a missing right, thrown; one that is not
 * possible now is a refusal with the facts. Only for callers who may see the transfer: to others it does not exist.
 */
export function notPossible(
  transfer: TransferRow,
  act: TransferAct,
  { refused, reason }: ActRefusal,
) {
  if (refused === 'NOT_YOURS') {
    throw callersFault(
      'FORBIDDEN',
      `${reason} The token speaks for none of them in this transfer.`,
    );
  }
  return {
    __typename: 'StepNotPossible' as const,
    message: reason,
    status: transfer.status,
    act,
    possible: possibleIn(transfer.status),
    transfer,
  };
}

export function unknownTransfer(transfer: string): WithTypename<UnknownTransfer> {
  return noneWithId('transfer', transfer, '`transfers` or from `Patient.transfer`');
}

/** Throws BAD_USER_INPUT for a reason that is missing or too long. */
export function checkReason(reason: string | null | undefined, needed: boolean): void {
  if (reason == null && !needed) return;
  throwIfFault(reasonFault(reason ?? ''));
}
