import { noneWithId, type WithTypename } from '../../../shared/validation/rules.js';
import { isAtLeast } from '../phases/rules.js';
import type {
  HoldBedsInput,
  HoldExhausted,
  Phase,
  TooFewToHold,
  UnknownHold,
} from '../generated/graphql.js';

/** Whether held beds count like any other bed where this phase is in force. */
export function isCounting({ countsFrom }: { countsFrom: Phase }, inForce: Phase): boolean {
  return isAtLeast(inForce, countsFrom);
}

/** Returns the fault in a number of beds to hold or to release, as a sentence for the caller; undefined when there is none. */
export function countFault(count: number): string | undefined {
  return count >= 1 ? undefined : `count is a number of beds from 1; received ${count}.`;
}

/** Returns the fault in a request to hold beds, whatever is free; undefined when there is none. */
export function faultInHolding({ count, countsFrom }: HoldBedsInput): string | undefined {
  if (countsFrom !== 'EVERYDAY') return countFault(count);
  return 'countsFrom is the phase from which on the held beds count; from EVERYDAY on they would never be held. Name a stricter one.';
}

/**
 * Judges a request to hold beds. `free` is what is free in the phase in force, `counting` what older holds have claimed of it:
 * a bed is held once, whatever the phase, so that no more is held than there is when everyday work comes back. Stale
 * numbers do for this: who holds back sends nobody to a bed.
 */
export function judgeHolding(
  { count }: { count: number },
  { free, counting }: { free: number | null; counting: number },
): WithTypename<TooFewToHold> | undefined {
  const left = free === null ? null : Math.max(0, free - counting);
  if (left !== null && count <= left) return undefined;
  return {
    __typename: 'TooFewToHold',
    message:
      left === null
        ? 'The facility states no numbers for these beds, so none can be held back. Report them first.'
        : `${left} beds can be held back; ${count} were requested. Hold at most that many, or release another hold first.`,
    requested: count,
    free: left,
  };
}

/** Judges a request to release held beds: each is released once. */
export function judgeRelease(
  count: number,
  { remaining }: { remaining: number },
): WithTypename<HoldExhausted> | undefined {
  if (count <= remaining) return undefined;
  return {
    __typename: 'HoldExhausted',
    message: `${remaining} beds are left in the hold; ${count} were to be released. Nothing was released; release at most what is left.`,
    requested: count,
    remaining,
  };
}

export function unknownHold(hold: string): WithTypename<UnknownHold> {
  return noneWithId('hold', hold, '`Facility.holds`');
}
