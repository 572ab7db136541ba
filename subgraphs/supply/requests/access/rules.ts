import { isInAreas } from '../../../../shared/identity/rules.js';

/**
 * How far a caller sees requests: whole by area and by facility; as a supplier the lines that are addressed to their organisations
 * and facilities, and the open lines of `supplierAreas`.
 */
export interface RequestVisibility {
  areas: readonly string[];
  facilities: readonly string[];
  /** Ids of organisations and facilities for which the caller offers and commits. */
  suppliers: readonly string[];
  supplierAreas: readonly string[];
}

/** Whether the caller sees requests of a facility whole: reason, steps, every commitment. */
export function seesWhole(
  { areas, facilities }: RequestVisibility,
  { facilityId, area }: { facilityId: string; area: string },
): boolean {
  return facilities.includes(facilityId) || isInAreas(areas, area);
}

/** A line, as far as its visibility depends on it. */
export interface AddressedLine {
  addressees: readonly string[];
}

/** Whether suppliers that the caller acts for see a line that they have not committed: it is addressed to them, or open while it is not over. */
export function seesAsSupplier(
  { suppliers, supplierAreas }: RequestVisibility,
  { addressees }: AddressedLine,
  request: { area: string; isOver: boolean },
): boolean {
  if (addressees.length > 0) return addressees.some((one) => suppliers.includes(one));
  return !request.isOver && isInAreas(supplierAreas, request.area);
}

/** The holder that commits, offers or dispatches: exactly one of the two. */
export interface HolderColumns {
  facilityId: string | null;
  organisationId: string | null;
}

/** Whether the caller acts for a holder. */
export function isOwn(
  { suppliers }: RequestVisibility,
  { facilityId, organisationId }: HolderColumns,
) {
  return suppliers.includes((organisationId ?? facilityId)!);
}

export function isSameHolder(one: HolderColumns, other: HolderColumns): boolean {
  return one.organisationId === other.organisationId && one.facilityId === other.facilityId;
}
