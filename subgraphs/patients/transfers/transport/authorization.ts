import { type Caller, reachOf } from '../../../../shared/identity/index.js';
import { ledAreasOf, seesArea } from '../../access/index.js';
import type { WaitingTransfer } from './rules/assignment.js';
import type { VehicleRow } from './rules/vehicle.js';

/** The role of the radio systems of control rooms, among other machines. */
const RADIO_SYSTEMS: ReadonlySet<string> = new Set(['service']);

/** AGS prefixes of the vehicles that a caller may see: the areas they lead, or whose radio system they are. */
export function vehicleAreasOf(caller: Caller): readonly string[] {
  return [...new Set([...reachOf(caller, { roles: RADIO_SYSTEMS }).areas, ...ledAreasOf(caller)])];
}

/**
 * Whether the caller may send the vehicle: they lead in its area, or it belongs to the Kreis of their own facility and
 * fetches only patients of that facility. Nobody else uses the vehicles of a control room, or registers call signs
 * there.
 */
export function isToSend(
  caller: Caller,
  { area }: VehicleRow,
  waiting: readonly WaitingTransfer[],
): boolean {
  const areas = ledAreasOf(caller);
  const { facilities } = reachOf(caller, { scope: 'transport:assign' });
  const isForOwnFacilities = waiting.every(
    ({ transfer: { fromFacility, fromArea } }) =>
      fromFacility !== null && facilities.includes(fromFacility) && fromArea === area,
  );
  return isForOwnFacilities || seesArea({ areas, facilities }, area);
}

/** Whether the caller leads in the vehicle's area, or did until they lent it to the area they name. */
export function isToLend(caller: Caller, { area, lentBy }: VehicleRow, to: string): boolean {
  const visibility = { areas: ledAreasOf(caller), facilities: [] };
  const hasLent = area === to && lentBy !== null && seesArea(visibility, lentBy);
  return hasLent || seesArea(visibility, area);
}
