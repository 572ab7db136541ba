import type {
  AssignTransportInput,
  TransportUnfit,
  VehicleElsewhere,
  VehicleFull,
  VehicleIsAnother,
} from '../../../generated/graphql.js';
import type { WithTypename } from '../../../capacity-client/rules.js';
import type { TransferRow } from '../../lifecycle/row.js';
import { MEANS, misfits, suitableMeans, type CrewedVehicle, type Passenger } from './fit.js';
import type { VehicleRow } from './vehicle.js';

const MOST_PASSENGERS = 50;
const LONGEST_CALL_SIGN = 40;
/** Clocks differ; an arrival this long ago may still be meant. */
const MINUTES_BACK = 5;
const DAYS_AHEAD = 7;

/** A transfer with the patient to be carried. */
export interface WaitingTransfer {
  transfer: TransferRow;
  passenger: Passenger;
}

/** Places of a vehicle that others take, and how many of them are of patients whom the caller does not see. */
export interface CurrentLoad {
  patients: number;
  hidden: number;
}

export type AssignmentRefusal =
  | WithTypename<VehicleElsewhere | VehicleFull | VehicleIsAnother>
  | (WithTypename<Omit<TransportUnfit, 'transfer'>> & { transfer: TransferRow });

/** What is wrong with a wish to send a vehicle, whatever is known of it; undefined when nothing is. */
export function faultInAssignment(input: AssignTransportInput, now: Date): string | undefined {
  const { transfers, vehicle, area, estimatedArrival } = input;
  if (transfers.length < 1 || transfers.length > MOST_PASSENGERS) {
    return `transfers names 1 to ${MOST_PASSENGERS} transfers; ${transfers.length} came.`;
  }
  if (new Set(transfers).size < transfers.length) {
    return 'transfers names each transfer once; one came twice.';
  }
  return leaderFault(area) ?? callSignFault(vehicle) ?? arrivalFault(estimatedArrival, now);
}

/** What is wrong with the area that leads a vehicle, where one is named; undefined when nothing is. */
export function leaderFault(area: string | null | undefined): string | undefined {
  if (area !== '') return undefined;
  return 'area is an AGS prefix of 2, 3 or 5 digits, because no control room leads all of Germany; an empty text came.';
}

/** What is wrong with a call sign, as a sentence for the caller; undefined when nothing is. */
export function callSignFault(callSign: string): string | undefined {
  if (callSign.trim() === callSign && callSign !== '' && callSign.length <= LONGEST_CALL_SIGN) {
    return undefined;
  }
  return `vehicle is a radio call sign of 1 to ${LONGEST_CALL_SIGN} characters without spaces around it; "${callSign.slice(0, LONGEST_CALL_SIGN)}" came.`;
}

/**
 * Whether the vehicle can carry all of them beside those it is sent for or carries already, and with whom and what on board
 * it does. What the others rely on stays on board. A refusal tells nothing of patients whom the caller does not see: who
 * approves a transfer, or leads a vehicle, may see none of them.
 */
export function judgeAssignment(
  vehicle: VehicleRow,
  input: AssignTransportInput,
  waiting: readonly WaitingTransfer[],
  { patients, hidden }: CurrentLoad,
): CrewedVehicle | AssignmentRefusal {
  const { means, area } = vehicle;
  if (means !== input.means || (input.area != null && input.area !== area))
    return isAnother(vehicle);
  const crew = {
    means,
    physician: input.physician === true || (patients > 0 && vehicle.physician),
    ventilator: input.ventilator === true || (patients > 0 && vehicle.ventilator),
  };
  for (const { transfer, passenger } of waiting) {
    const lacking = misfits(passenger, crew);
    if (lacking.length > 0) return unfit(transfer, passenger, crew, lacking);
  }
  const { capacity } = MEANS[means];
  if (capacity - patients >= waiting.length) return crew;
  return full(
    vehicle,
    capacity,
    hidden > 0 ? null : Math.max(0, capacity - patients),
    waiting.length,
  );
}

function isAnother({ callSign, means, area }: VehicleRow): AssignmentRefusal {
  return {
    __typename: 'VehicleIsAnother',
    message: `${callSign} is a vehicle of the means ${means} led by the area ${area}. Check the call sign, or give these.`,
    means,
    area,
  };
}

function unfit(
  transfer: TransferRow,
  passenger: Passenger,
  { means }: CrewedVehicle,
  lacking: TransportUnfit['misfits'],
): AssignmentRefusal {
  if (!transfer.seesPatient) {
    return {
      __typename: 'TransportUnfit',
      message: `Means or crew do not fit a patient whom you may not see. Let the house or control room that has him say what he needs, or send the vehicle.`,
      transfer,
      misfits: [],
      suitable: [],
    };
  }
  const suitable = suitableMeans(passenger);
  const advice =
    suitable.length > 0
      ? `Send one of ${suitable.join(', ')} with the crew he needs.`
      : 'Nobody is sent for the dead.';
  return {
    __typename: 'TransportUnfit',
    message: `A patient of category ${passenger.category} cannot be carried by this ${means}: ${lacking.join(', ')}. ${advice}`,
    transfer,
    misfits: lacking,
    suitable,
  };
}

function full(
  { callSign, means }: VehicleRow,
  capacity: number,
  left: number | null,
  wanted: number,
): AssignmentRefusal {
  const has = left === null ? `too few of ${capacity} places` : `${left} of ${capacity} places`;
  return {
    __typename: 'VehicleFull',
    message: `${callSign}, a ${means}, has ${has} left; ${wanted} are needed. Send another vehicle, or fewer patients.`,
    places: capacity,
    left,
  };
}

function arrivalFault(arrival: Date | null | undefined, now: Date): string | undefined {
  if (arrival == null) return undefined;
  const earliest = new Date(now.getTime() - MINUTES_BACK * 60_000);
  const latest = new Date(now.getTime() + DAYS_AHEAD * 86_400_000);
  if (arrival >= earliest && arrival <= latest) return undefined;
  return `estimatedArrival lies between ${earliest.toISOString()} and ${latest.toISOString()}; ${arrival.toISOString()} came.`;
}
