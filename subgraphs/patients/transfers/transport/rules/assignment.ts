import { DAY_MS, MINUTE_MS } from '../../../../../shared/time/rules.js';
import { outOfRange, type WithTypename } from '../../../../../shared/validation/rules.js';
import type {
  AssignTransportInput,
  EstimatedArrivalOutOfRange,
  TransportUnfit,
  VehicleElsewhere,
  VehicleFull,
  VehicleIsAnother,
} from '../../../generated/graphql.js';
import { regionOf } from '../../../capacity-client/rules.js';
import type { TransferRow } from '../../lifecycle/index.js';
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

/** Other patients of a vehicle, and how many of them are hidden from the caller. */
export interface CurrentLoad {
  patients: number;
  hidden: number;
}

export type AssignmentRefusal =
  | WithTypename<VehicleElsewhere | VehicleFull | VehicleIsAnother>
  | (WithTypename<Omit<TransportUnfit, 'transfer'>> & { transfer: TransferRow });

/** Returns the fault of a request to send a vehicle, whatever is stored of it; undefined when there is none. */
export function faultInAssignment(input: AssignTransportInput): string | undefined {
  const { transfers, vehicle, area } = input;
  if (transfers.length < 1 || transfers.length > MOST_PASSENGERS) {
    return `transfers names 1 to ${MOST_PASSENGERS} transfers; received ${transfers.length}.`;
  }
  if (new Set(transfers).size < transfers.length) {
    return 'transfers names each transfer once; received one twice.';
  }
  return leaderFault(area) ?? callSignFault(vehicle);
}

/** Returns the fault of the area that leads a vehicle, where one is named; undefined when there is none. */
export function leaderFault(area: string | null | undefined): string | undefined {
  if (area !== '') return undefined;
  return 'area is an AGS prefix of 2, 3 or 5 digits, because no control room leads all of Germany; received an empty text.';
}

/** Returns the fault of a call sign, as a sentence for the caller; undefined when there is none. */
export function callSignFault(callSign: string): string | undefined {
  if (callSign.trim() === callSign && callSign !== '' && callSign.length <= LONGEST_CALL_SIGN) {
    return undefined;
  }
  return `vehicle is a radio call sign of 1 to ${LONGEST_CALL_SIGN} characters without spaces around it; received "${callSign.slice(0, LONGEST_CALL_SIGN)}".`;
}

/**
 * Returns the crew and equipment with which the vehicle carries these patients beside its present ones, or the refusal.
 * Crew and equipment that others rely on stay on board. A refusal contains nothing of patients whom the caller does not
 * see: an approving level, or the control room of a vehicle, may see none of them.
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
    region: regionOf(area),
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
      message: `Means or crew do not fit a patient whom you may not see. Let the facility or control room of the patient name their needs, or send the vehicle.`,
      transfer,
      misfits: [],
      suitable: [],
    };
  }
  const suitable = suitableMeans(passenger);
  const advice =
    suitable.length > 0
      ? `Send one of ${suitable.join(', ')} with the crew that the patient needs.`
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
  const has =
    left === null
      ? `too little room left: it carries ${capacity} at once`
      : `room left for ${left} of ${capacity}`;
  return {
    __typename: 'VehicleFull',
    message: `${callSign}, a ${means}, has ${has}; ${wanted} are to be carried. Send another vehicle, or fewer patients.`,
    places: capacity,
    left,
  };
}

/** Refuses an arrival at which no vehicle that is sent now can come; undefined for any other, and where none is given. */
export function judgeArrival(
  arrival: Date | null | undefined,
  now: Date,
): WithTypename<EstimatedArrivalOutOfRange> | undefined {
  if (arrival == null) return undefined;
  return outOfRange('EstimatedArrivalOutOfRange', 'estimatedArrival', arrival, {
    earliest: new Date(now.getTime() - MINUTES_BACK * MINUTE_MS),
    latest: new Date(now.getTime() + DAYS_AHEAD * DAY_MS),
    advice: 'Correct it, or leave it out.',
  });
}
