import { HOUR_MS } from '../../../../shared/time/rules.js';
import { noneWithId, reasonFault, type WithTypename } from '../../../../shared/validation/rules.js';
import type {
  RequestSupplyInput,
  SupplyRequestStatus,
  UnknownSupplyRequest,
} from '../../generated/graphql.js';
import { positiveFault } from '../../items/rules.js';
import { isOver, OVERDUE_HOURS } from '../ledger/rules.js';

const MOST_LINES = 50;
const MOST_ADDRESSEES = 20;

/** Returns the fault of a request, as a sentence for the caller; undefined if it has none. */
export function requestFault({ lines, reason }: RequestSupplyInput): string | undefined {
  if (lines.length < 1 || lines.length > MOST_LINES) {
    return `A request has 1 to ${MOST_LINES} lines; received ${lines.length}. Make several requests of more.`;
  }
  return reasonFault(reason) ?? lineFault(lines);
}

function lineFault(lines: RequestSupplyInput['lines']): string | undefined {
  for (const [index, { quantity, organisations, facilities }] of lines.entries()) {
    const addressees = Math.max(organisations?.length ?? 0, facilities?.length ?? 0);
    const fault =
      positiveFault('quantity', quantity) ??
      (addressees > MOST_ADDRESSEES
        ? `organisations and facilities have at most ${MOST_ADDRESSEES} entries each; received ${addressees}.`
        : undefined);
    if (fault !== undefined) return `lines[${index}]: ${fault}`;
  }
  return undefined;
}

/** Whether nothing of a commitment was dispatched long after it was expected: when it said so, else when the goods were needed. */
export function isOverdue(
  commitment: {
    quantity: number;
    inTransit: number;
    delivered: number;
    expectedAt: Date | null;
    committedAt: Date;
  },
  { neededUntil }: { neededUntil: Date },
  now: Date,
): boolean {
  const { quantity, inTransit, delivered, expectedAt, committedAt } = commitment;
  if (quantity === 0 || inTransit > 0 || delivered > 0) return false;
  const expected = expectedAt?.getTime() ?? Math.max(neededUntil.getTime(), committedAt.getTime());
  return now.getTime() >= expected + OVERDUE_HOURS * HOUR_MS;
}

/** A request, as far as a refusal shows it: the caller reads the rest with their own rights. */
interface RequestRef {
  id: string;
}
interface RequestRefusal<Name extends 'SupplyRequestEnded' | 'OwnSupplyRequest'> {
  __typename: Name;
  message: string;
  supplyRequest: RequestRef;
}

export function unknownRequest(id: string): WithTypename<UnknownSupplyRequest> {
  return noneWithId('supplyRequest', id, '`supplyRequests`');
}

/** Refuses what is done to a request that is over; undefined while it is not. */
export function refusalIfOver({
  id,
  status,
}: RequestRef & { status: SupplyRequestStatus }): RequestRefusal<'SupplyRequestEnded'> | undefined {
  if (!isOver(status)) return undefined;
  return {
    __typename: 'SupplyRequestEnded',
    message: `The request is ${status}, so nothing was changed. Make another request of what is still needed.`,
    supplyRequest: { id },
  };
}

/** Refuses an acknowledgement by the person who made the request; undefined for all others. */
export function refusalIfOwn(
  { id, requestedBy }: RequestRef & { requestedBy: string },
  actor: string,
): RequestRefusal<'OwnSupplyRequest'> | undefined {
  if (requestedBy !== actor) return undefined;
  return {
    __typename: 'OwnSupplyRequest',
    message:
      'You made this request, so another person has to acknowledge it. Nothing was changed; it is escalated if nobody does.',
    supplyRequest: { id },
  };
}
