import { callersFault } from '../../../../shared/errors/index.js';
import { reasonFault } from '../../../../shared/validation/rules.js';
import type { TransferAct } from '../../generated/graphql.js';
import { possibleIn, type No } from './rules.js';
import type { TransferRow } from './row.js';

/**
 * What somebody is told whose act the rules do not allow: that it is not his is a missing right, thrown; that it cannot be
 * done now is a refusal with the facts. Only for those who may see the transfer: to others it is missing.
 */
export function notPossible(transfer: TransferRow, act: TransferAct, { no, reason }: No) {
  if (no === 'NOT_YOURS') {
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

export function unknownTransfer(transfer: string) {
  return {
    __typename: 'UnknownTransfer' as const,
    message: `You may see no transfer with the id ${transfer.slice(0, 100)}. Take the id from \`transfers\` or from \`Patient.transfer\`.`,
    transfer,
  };
}

/** Throws BAD_USER_INPUT for a reason that is missing or too long. */
export function checkReason(reason: string | null | undefined, needed: boolean): void {
  if (reason == null && !needed) return;
  const fault = reasonFault(reason ?? '');
  if (fault !== undefined) throw callersFault('BAD_USER_INPUT', fault);
}
