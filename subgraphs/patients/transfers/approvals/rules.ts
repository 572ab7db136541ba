import type { ApprovalLevel } from '../../generated/graphql.js';
import type { GivenApproval } from '../lifecycle/rules.js';

/** The reason for which a caller who speaks for a level cannot approve. */
export type ApprovalFault = 'GIVEN_ALREADY' | 'SAME_PERSON';

/**
 * Returns the level that the caller approves for: the first missing one that they speak for. Every level needs another
 * person: a person with several offices counts once.
 */
export function levelToApprove(
  levels: readonly ApprovalLevel[],
  missing: readonly ApprovalLevel[],
  given: readonly GivenApproval[],
  by: string,
): ApprovalLevel | { fault: ApprovalFault } {
  const level = missing.find((each) => levels.includes(each));
  if (!level) return { fault: 'GIVEN_ALREADY' };
  return given.some((one) => one.by === by) ? { fault: 'SAME_PERSON' } : level;
}

export function notOpen(fault: ApprovalFault, missing: ApprovalLevel[]) {
  const why =
    fault === 'SAME_PERSON'
      ? 'You have approved for another level, and every level is another person’s word.'
      : 'Your level has approved already.';
  return {
    __typename: 'ApprovalNotOpen' as const,
    message: `${why} Still missing: ${missing.join(', ') || 'none'}. Let one of those decide.`,
    missing,
  };
}
