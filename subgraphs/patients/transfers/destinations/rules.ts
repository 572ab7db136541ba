import type { BedCategory, TriageCategory } from '../../generated/graphql.js';
import type { ReservedSlot } from '../jobs/capacity-calls.js';
import type { TransferRow } from '../lifecycle/row.js';
import { isAwaitingDecision } from '../lifecycle/rules.js';

/** Whether a destination is none: the patient is there, or it is asked already. */
export function alreadyThere(
  { fromFacility, toFacility, status }: Pick<TransferRow, 'fromFacility' | 'toFacility' | 'status'>,
  to: string,
) {
  const isRequested = to === toFacility && isAwaitingDecision(status);
  if (to !== fromFacility && !isRequested) return undefined;
  return {
    __typename: 'AlreadyThere' as const,
    message: isRequested
      ? 'This house is asked already. Wait for its answer, or name another one.'
      : 'The patient is in this house. Name another one.',
    facility: { id: to },
  };
}

export function reservationInUse(item: string) {
  return {
    __typename: 'ReservationInUse' as const,
    message: `The reserved place ${item.slice(0, 100)} belongs to another transfer, or was given back by one. Leave \`reservation\` out: a place is reserved when the house accepts.`,
    item,
  };
}

/** A reserved place as a caller names it, with what capacity says of it; nothing when there is no such place. */
export interface NamedSlot {
  id: string;
  item: string;
  kept: ReservedSlot | undefined;
}

/** What a place must be for, and who names it. */
interface SlotRequirement {
  facility: string;
  bedCategory: BedCategory | null;
  intake: TriageCategory | null;
  by: string;
}

/**
 * Why a reserved place is not this patient's: whoever names it could otherwise have the place of anybody prolonged or given
 * back, because the hub settles reservations in every house. A place is given on by whoever reserved it and nobody else:
 * capacity knows no more of him, so a colleague of the same office has to leave it out. Whose it is comes first: another's place
 * is as good as none.
 */
export function reservationNotYours(
  slot: NamedSlot,
  { facility, by }: Pick<SlotRequirement, 'facility' | 'by'>,
) {
  const { kept } = slot;
  if (kept?.createdBy !== by) return unfit(slot, 'is in no reservation of yours with this id');
  if (kept.facility !== facility) return unfit(slot, 'is in another house than the destination');
  return undefined;
}

/** Why a reserved place that is the caller's does not fit this patient. */
export function reservationUnfit(slot: NamedSlot, needed: SlotRequirement) {
  const notYours = reservationNotYours(slot, needed);
  if (notYours) return notYours;
  const reason = misfitOf(slot.kept!, needed);
  return reason === undefined ? undefined : unfit(slot, reason);
}

function unfit({ id, item }: NamedSlot, reason: string) {
  return {
    __typename: 'ReservationUnfit' as const,
    message: `The reserved place ${item.slice(0, 100)} ${reason}. Name one that fits, or leave \`reservation\` out: a place is reserved when the house accepts.`,
    reservation: id,
    item,
  };
}

function misfitOf(
  kept: ReservedSlot,
  { bedCategory, intake }: SlotRequirement,
): string | undefined {
  if (kept.count !== 1) return `is for ${kept.count} patients; a transfer takes one`;
  if (kept.status !== 'OPEN' && kept.status !== 'CONFIRMED') {
    return `is ${kept.status}; it must be OPEN or CONFIRMED`;
  }
  if (kept.category === bedCategory && kept.intake === intake) return undefined;
  return `is ${slotName(kept.category, kept.intake)}; the transfer asks for ${slotName(bedCategory, intake)}`;
}

function slotName(bed: BedCategory | null, intake: TriageCategory | null): string {
  return bed ?? `a place of the intake of ${intake}`;
}
