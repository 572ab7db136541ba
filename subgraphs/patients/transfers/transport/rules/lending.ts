import type { VehicleElsewhere, VehicleInUse } from '../../../generated/graphql.js';
import type { WithTypename } from '../../../capacity-client/rules.js';
import type { CurrentLoad } from './assignment.js';
import type { VehicleRow } from './vehicle.js';

/** What lending changes: who leads the vehicle, and who may say it once more. */
export interface VehicleLending {
  area: string;
  lentBy: string | null;
}

/**
 * A vehicle goes over to another control room as a whole and only when it is empty: whoever sends it also hears its radio, and
 * nobody may lose sight of patients who are on board. Said once more it changes nothing.
 */
export function lend(
  { callSign, area, lentBy }: VehicleRow,
  to: string,
  { patients, hidden }: CurrentLoad,
): VehicleLending | WithTypename<VehicleInUse> {
  if (area === to) return { area, lentBy };
  if (patients === 0) return { area: to, lentBy: area };
  return {
    __typename: 'VehicleInUse',
    message: `${callSign} is sent for patients or carries some. Lend it once they have arrived, or call it off with \`seekTransport\` first.`,
    vehicle: callSign,
    patients: hidden > 0 ? null : patients,
  };
}

/** The refusal of a vehicle that another control room leads. */
export function elsewhere({ callSign, area }: VehicleRow): WithTypename<VehicleElsewhere> {
  return {
    __typename: 'VehicleElsewhere',
    message: `${callSign} is led by the area ${area}. Ask its control room to send it, or to lend it with \`lendVehicle\`.`,
    vehicle: callSign,
    area,
  };
}
