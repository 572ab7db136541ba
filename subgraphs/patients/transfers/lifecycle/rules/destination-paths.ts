import type { TransferKind, TransferStatus } from '../../../generated/graphql.js';
import type { Path } from '../rules.js';
import { missingApprovals, type GivenApproval } from './approval-levels.js';

/**
 * The status a named destination leads to: it is requested once everybody has approved it. One in another Land than the
 * approved one has to be approved there first.
 */
export function pathToDestination(
  ends: { kind: TransferKind; fromArea: string; toArea: string | null },
  given: readonly GivenApproval[],
): Path {
  if (missingApprovals(ends, given).length > 0) return ['REQUESTED'];
  return ends.toArea === null ? ['APPROVED'] : ['DESTINATION_REQUESTED'];
}

/**
 * The status a destination leads to that is named later. The level that has deferred the transfer decides when it goes
 * on: naming a destination meanwhile does not.
 */
export function pathToNext(
  status: TransferStatus,
  ends: Parameters<typeof pathToDestination>[0],
  given: readonly GivenApproval[],
): Path {
  const path = pathToDestination(ends, given);
  return status === 'DEFERRED' && path[0] === 'REQUESTED' ? ['DEFERRED'] : path;
}
