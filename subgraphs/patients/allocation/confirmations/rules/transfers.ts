import { type Path, pathOfCreation, readinessOf } from '../../../transfers/rules.js';
import type { TransferKind } from '../../../generated/graphql.js';

/** Returns the kind of the transfers that a plan makes. */
export function kindOf({ facilityId }: { facilityId: string | null }): TransferKind {
  return facilityId === null ? 'PRIMARY' : 'CAPACITY';
}

/** The properties of a confirmed plan that decide how far its transfers go at once. */
interface ConfirmedPlan {
  facilityId: string | null;
  area: string;
  approved: boolean;
  confirmedBy: string;
}

/**
 * Whether the confirmation reserves slots. It does not while an approval is missing: that may take hours and may be refused,
 * and until then nobody could use the slots.
 */
export function isReservedAtOnce(plan: ConfirmedPlan): boolean {
  return pathOfPlan(plan).at(-1) === 'DESTINATION_REQUESTED';
}

/**
 * Returns the statuses that the transfers of a plan pass through at once. From a scene they request the destination. From a
 * facility they do so if the confirmation is the approval too; otherwise they wait for the approval, with their destination
 * named.
 */
export function pathOfPlan(plan: ConfirmedPlan): Path {
  const { area: fromArea, approved, confirmedBy: by } = plan;
  const kind = kindOf(plan);
  const given = approved ? [{ level: 'ORIGIN' as const, area: fromArea, by }] : [];
  const readiness = readinessOf({ kind, fromArea, toArea: fromArea }, given);
  return pathOfCreation(readiness, approved && kind !== 'PRIMARY');
}
