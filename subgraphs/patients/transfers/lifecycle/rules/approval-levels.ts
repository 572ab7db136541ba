import type { ApprovalLevel, TransferKind } from '../../../generated/graphql.js';

/** A role of roles.json that may speak for a level. */
export type Approver = 'dispatch' | 'crisis-staff' | 'spoc';

/** One level that has to approve. */
export interface NeededApproval {
  level: ApprovalLevel;
  /** The end of the transfer whose area the level is responsible for. */
  at: 'ORIGIN' | 'DESTINATION';
  by: readonly Approver[];
}

/** An approval as it was given. */
export interface GivenApproval {
  level: ApprovalLevel;
  /** The Land, or the origin's area, that it was given for. */
  area: string;
  by: string;
}

/**
 * From one patient to the next facility a single level decides; moving patients because a region is full goes through
 * the coordination of the Land, the Single Point of Contact of its Kleeblatt, and the Land that takes them
 * (Kleeblattkonzept, rki.de). A patient at the scene is sent at once.
 */
const CLINICAL: readonly NeededApproval[] = [
  { level: 'ORIGIN', at: 'ORIGIN', by: ['dispatch', 'crisis-staff'] },
];
const STRATEGIC: readonly NeededApproval[] = [
  { level: 'ORIGIN', at: 'ORIGIN', by: ['crisis-staff'] },
  { level: 'ORIGIN_SPOC', at: 'ORIGIN', by: ['spoc'] },
  { level: 'DESTINATION', at: 'DESTINATION', by: ['crisis-staff', 'spoc'] },
];
const NEEDED: Readonly<Record<TransferKind, readonly NeededApproval[]>> = {
  PRIMARY: [],
  SECONDARY: CLINICAL,
  CAPACITY: CLINICAL,
  REHABILITATION: CLINICAL,
  RETURN: CLINICAL,
  EVACUATION: CLINICAL,
  STRATEGIC,
  INTERNATIONAL: STRATEGIC,
};

/** The digits of an AGS that name the Land. */
const LAND_DIGITS = 2;

export function approvalsOf(kind: TransferKind): readonly NeededApproval[] {
  return NEEDED[kind];
}

/** Whether Single Points of Contact have a say in a transfer of this kind, and so may know of it. */
export function isApprovedBySpoc(kind: TransferKind): boolean {
  return approvalsOf(kind).some(({ by }) => by.includes('spoc'));
}

/** The area for which an approval of a level holds. The receiving Land approves once for all of its facilities. */
export function areaOfApproval(
  level: ApprovalLevel,
  { fromArea, toArea }: { fromArea: string; toArea: string | null },
): string | undefined {
  return level === 'DESTINATION' ? toArea?.slice(0, LAND_DIGITS) : fromArea;
}

/** The levels that have not approved yet: those of another destination's Land do not count for this one. */
export function missingApprovals(
  ends: { kind: TransferKind; fromArea: string; toArea: string | null },
  given: readonly GivenApproval[],
): ApprovalLevel[] {
  return approvalsOf(ends.kind)
    .map(({ level }) => level)
    .filter(
      (level) =>
        !given.some((one) => one.level === level && one.area === areaOfApproval(level, ends)),
    );
}

/**
 * The levels that have not approved a transfer in its present state. A diverted patient may return to the origin
 * without approval: no other Land receives them then.
 */
export function stillMissing(
  {
    fromFacility,
    toFacility,
    ...ends
  }: Parameters<typeof missingApprovals>[0] & {
    fromFacility: string | null;
    toFacility: string | null;
  },
  given: readonly GivenApproval[],
): ApprovalLevel[] {
  const returnsToOrigin = toFacility !== null && toFacility === fromFacility;
  return returnsToOrigin ? [] : missingApprovals(ends, given);
}
