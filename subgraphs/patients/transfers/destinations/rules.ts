import type { BedCategory, TriageCategory } from '../../generated/graphql.js';
import type { ReservedSlot } from '../jobs/index.js';
import type { TransferRow } from '../lifecycle/index.js';
import { isAwaitingDecision } from '../lifecycle/rules.js';

/** Refuses a destination at which the patient is, or that is requested already. */
export function alreadyThere(
  { fromFacility, toFacility, status }: Pick<TransferRow, 'fromFacility' | 'toFacility' | 'status'>,
  to: string,
) {
  const isRequested = to === toFacility && isAwaitingDecision(status);
  if (to !== fromFacility && !isRequested) return undefined;
  return {
    __typename: 'AlreadyThere' as const,
    message: isRequested
      ? 'This facility is requested already. Wait for its decision, or name another one.'
      : 'The patient is in this facility. Name another one.',
    facility: { id: to },
  };
}

export function reservationInUse(item: string) {
  return {
    __typename: 'ReservationInUse' as const,
    message: `The reserved slot ${item.slice(0, 100)} belongs to another transfer, or was released by one. Leave \`reservation\` out: a slot is reserved when the facility accepts.`,
    reservationItemId: item,
  };
}

/** A reserved slot that a caller names, with the item that capacity returns; undefined when there is no such slot. */
export interface NamedSlot {
  id: string;
  item: string;
  kept: ReservedSlot | undefined;
}

/** The patient and destination that a slot must fit, and the caller who names it. */
interface SlotRequirement {
  facility: string;
  bedCategory: BedCategory | null;
  intake: TriageCategory | null;
  by: string;
}

/**
 * Refuses a reserved slot that the caller has not reserved. The hub may confirm and release reservations of every
 * facility, so a caller could otherwise have slots of other people prolonged or released. Only the person who reserved a
 * slot may pass it on: capacity knows nothing else of them, so a colleague of the same office has to leave it out. This
 * check comes first: a slot of another person looks like none.
 */
export function reservationNotYours(
  slot: NamedSlot,
  { facility, by }: Pick<SlotRequirement, 'facility' | 'by'>,
) {
  const { kept } = slot;
  if (kept?.createdBy !== by) return unfit(slot, 'is in no reservation of yours with this id');
  if (kept.facility !== facility) return unfit(slot, 'is in another facility than the destination');
  return undefined;
}

/** Refuses a reserved slot of the caller that does not fit the patient. */
export function reservationUnfit(slot: NamedSlot, needed: SlotRequirement) {
  const notYours = reservationNotYours(slot, needed);
  if (notYours) return notYours;
  const reason = misfitOf(slot.kept!, needed);
  return reason === undefined ? undefined : unfit(slot, reason);
}

function unfit({ id, item }: NamedSlot, reason: string) {
  return {
    __typename: 'ReservationUnfit' as const,
    message: `The reserved slot ${item.slice(0, 100)} ${reason}. Name one that fits, or leave \`reservation\` out: a slot is reserved when the facility accepts.`,
    reservationId: id,
    reservationItemId: item,
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
  return `is ${slotName(kept.category, kept.intake)}; the transfer needs ${slotName(bedCategory, intake)}`;
}

function slotName(bed: BedCategory | null, intake: TriageCategory | null): string {
  return bed ?? `a slot of the intake of ${intake}`;
}
