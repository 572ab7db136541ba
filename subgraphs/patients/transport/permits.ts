import { forbidden, type Caller } from '../../../shared/identity/caller.js';
import { inOffice, seesArea } from '../sight/sight.js';
import type { Waiting } from './rules/assignment.js';
import type { VehicleRow } from './rules/vehicle.js';

/**
 * Throws FORBIDDEN unless the vehicle is the caller's to send: he leads in its area, or it is one of the Kreis his own house
 * lies in and fetches patients of that house only. Nobody else takes a control room's vehicles from it, or registers call
 * signs there.
 */
export function permitSending(
  caller: Caller,
  { area }: VehicleRow,
  waiting: readonly Waiting[],
): void {
  const { areas, facilities } = inOffice(caller).claims;
  const isOwnHouses = waiting.every(
    ({ transfer: { fromFacility, fromArea } }) =>
      fromFacility !== null && facilities.includes(fromFacility) && fromArea === area,
  );
  if (isOwnHouses || seesArea({ areas, facilities }, area)) return;
  throw forbidden(caller, 'transport:assign');
}
