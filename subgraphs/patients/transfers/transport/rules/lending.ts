import type { WithTypename } from '../../../../../shared/validation/rules.js';
import type { VehicleElsewhere, VehicleInUse } from '../../../generated/graphql.js';
import { regionOf } from '../../../capacity-client/rules.js';
import type { CurrentLoad } from './assignment.js';
import type { VehicleRow } from './vehicle.js';

/** The fields that lending changes: the area that leads the vehicle, and the one that may repeat the request. */
export interface VehicleLending {
  area: string;
  lentBy: string | null;
}

/**
 * Lends a vehicle to another control room, as a whole and only when it is empty: the area that sends it also receives
 * its radio, and nobody may lose patients on board from view. A repetition changes nothing.
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
    callSign,
    passengers: hidden > 0 ? null : patients,
  };
}

/** The refusal of a vehicle that another control room leads. */
export function elsewhere({ callSign, area }: VehicleRow): WithTypename<VehicleElsewhere> {
  return {
    __typename: 'VehicleElsewhere',
    message: `${callSign} is led by the area ${area}. Call its control room to send it, or to lend it with \`lendVehicle\`.`,
    callSign,
    area,
    region: regionOf(area),
  };
}
