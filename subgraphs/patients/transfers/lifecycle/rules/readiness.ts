import type { TransferKind } from '../../../generated/graphql.js';
import { missingApprovals, type GivenApproval } from './approval-levels.js';

/** The thing that a transfer lacks before its destination can be requested: an approval counts first, then a destination. */
export type Readiness = 'APPROVAL_MISSING' | 'DESTINATION_MISSING' | 'READY';

/** Returns how ready a transfer is. A destination in another Land than the approved one has to be approved there first. */
export function readinessOf(
  ends: { kind: TransferKind; fromArea: string; toArea: string | null },
  given: readonly GivenApproval[],
): Readiness {
  if (missingApprovals(ends, given).length > 0) return 'APPROVAL_MISSING';
  return ends.toArea === null ? 'DESTINATION_MISSING' : 'READY';
}
