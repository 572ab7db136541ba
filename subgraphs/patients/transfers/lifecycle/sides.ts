import { isInAreas } from '../../../../shared/identity/rules.js';
import { type Caller, may, reachOf } from '../../../../shared/identity/index.js';
import type { ApprovalLevel, TransferKind, TransferStatus } from '../../generated/graphql.js';
import type { Side } from './rules.js';
import { approvalsOf, type Approver } from './rules/approval-levels.js';
import { limitToLedAreas } from '../../access/index.js';

/** The facts of a transfer that decide on which side a caller stands. */
export interface Ends {
  kind: TransferKind;
  status: TransferStatus;
  fromFacility: string | null;
  fromArea: string;
  toFacility: string | null;
  toArea: string | null;
  /** Where the control room that leads the patient's care is. */
  patientArea: string;
}

/** Returns the sides of a transfer on which a caller stands. */
export function sidesOf(caller: Caller, ends: Ends): Set<Side> {
  const { status, fromFacility, fromArea, toFacility, patientArea } = ends;
  const acting = limitToLedAreas(caller);
  const origin = { area: fromArea, ...(fromFacility ? { facility: fromFacility } : {}) };
  const isDestination =
    toFacility !== null && may(acting, 'transfers:accept', { facility: toFacility });
  // A facility that is requested, or expects the patient, treats them only once they have arrived, and may triage no
  // earlier either.
  const isCare =
    may(acting, 'patients:triage', { ...origin, area: patientArea }) ||
    (status === 'ARRIVED' &&
      toFacility !== null &&
      may(acting, 'patients:triage', { facility: toFacility }));
  const sides: [Side, boolean][] = [
    ['ORIGIN', may(acting, 'transfers:request', origin) && may(acting, 'transfers:cancel', origin)],
    ['DESTINATION', isDestination],
    ['COORDINATION', levelsOf(caller, ends).length > 0],
    ['DISPATCH', may(acting, 'transport:assign', origin)],
    ['VEHICLE', may(caller, 'vehicles:report')],
    ['CARE', isCare],
  ];
  return new Set(sides.flatMap(([side, isOne]) => (isOne ? [side] : [])));
}

/** Returns the levels of approval that a caller can speak for in a transfer. */
export function levelsOf(caller: Caller, { kind, fromArea, toArea }: Ends): ApprovalLevel[] {
  return approvalsOf(kind)
    .filter(({ at, by }) => {
      const area = at === 'ORIGIN' ? fromArea : toArea;
      return area !== null && isOne(caller, by, area);
    })
    .map(({ level }) => level);
}

/** Whether the caller approves in the area under one of these roles. */
function isOne(caller: Caller, approvers: readonly Approver[], area: string): boolean {
  const approving = { scope: 'transfers:approve', roles: new Set<string>(approvers) };
  return isInAreas(reachOf(caller, approving).areas, area);
}
