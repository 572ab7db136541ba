import type { Caller } from '../../../../shared/identity/index.js';
import { limitToLedAreas, seesArea } from '../../access/index.js';
import type { WaitingTransfer } from './rules/assignment.js';
import type { VehicleRow } from './rules/vehicle.js';

/** AGS prefixes of the vehicles that a caller may see: where they lead, or hear the radio as a machine of the control room. */
export function vehicleAreasOf(caller: Caller): readonly string[] {
  const { roles, areas } = caller.claims;
  return roles.includes('service') ? areas : limitToLedAreas(caller).claims.areas;
}

/**
 * Whether the vehicle is the caller's to send: he leads in its area, or it is one of the Kreis his own house lies in and
 * fetches patients of that house only. Nobody else takes a control room's vehicles from it, or registers call signs there.
 */
export function isToSend(
  caller: Caller,
  { area }: VehicleRow,
  waiting: readonly WaitingTransfer[],
): boolean {
  const { areas, facilities } = limitToLedAreas(caller).claims;
  const isForOwnFacilities = waiting.every(
    ({ transfer: { fromFacility, fromArea } }) =>
      fromFacility !== null && facilities.includes(fromFacility) && fromArea === area,
  );
  return isForOwnFacilities || seesArea({ areas, facilities }, area);
}

/** Whether the caller leads in the vehicle's area, or did until he lent it to the area he names. */
export function isToLend(caller: Caller, { area, lentBy }: VehicleRow, to: string): boolean {
  const visibility = limitToLedAreas(caller).claims;
  const hasLent = area === to && lentBy !== null && seesArea(visibility, lentBy);
  return hasLent || seesArea(visibility, area);
}
