import { MINUTE_MS } from '../../../../../shared/time/rules.js';
import type { TransferKind, TransferStatus } from '../../../generated/graphql.js';
import { isAwaitingDecision } from '../rules.js';

/**
 * Minutes within which a facility or level should decide. The origin stays responsible until a person on the other side
 * has decided; UCRI2 reports after 3,600 s by default. Casualties at a scene, and patients on board, cannot wait that
 * long: minutes, by policy.
 */
const DECISION_MINUTES = { urgent: 5, planned: 60 } as const;

/**
 * The instant by which a requested facility or a deferring level should have decided, and a patient on board have a
 * facility that accepts; null when no decision is pending.
 */
export function deadlineOf(
  {
    kind,
    status,
    toFacility,
  }: { kind: TransferKind; status: TransferStatus; toFacility: string | null },
  at: Date,
): Date | null {
  const isRequested = isAwaitingDecision(status) && toFacility !== null;
  const isWaitedFor = isRequested || ['REQUESTED', 'DEFERRED', 'DIVERTED'].includes(status);
  if (!isWaitedFor) return null;
  const isUrgent = kind === 'PRIMARY' || status === 'DIVERTED';
  const minutes = isUrgent ? DECISION_MINUTES.urgent : DECISION_MINUTES.planned;
  return new Date(at.getTime() + minutes * MINUTE_MS);
}
