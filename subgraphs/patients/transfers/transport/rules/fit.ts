import type { TransportMeans, TransportMisfit } from '../../../generated/graphql.js';
import type { Patient } from '../../../generated/prisma/client.js';

/** The facts of a patient that decide about their transport. */
export interface Passenger extends Readonly<
  Pick<Patient, 'category' | 'needs' | 'ventilated' | 'physicianEscort'>
> {
  /** Whether the transfer starts at a scene, where nobody has looked at an UNTRIAGED patient yet. */
  fromScene: boolean;
}

/** A vehicle with its present crew and equipment. */
export interface CrewedVehicle {
  means: TransportMeans;
  /** A physician, of its own crew or from a NEF. */
  physician: boolean;
  ventilator: boolean;
}

interface MeansLimits {
  /** Patients at once. */
  capacity: number;
  /** Whether seriously injured patients may be carried at all. */
  severe: boolean;
  /** Whether it is always manned with a physician and carries a ventilator (DIN 75076, DIN 13230). */
  intensive: boolean;
}

/**
 * Patients per means: one to an ambulance or a helicopter, two to a KTW of the Katastrophenschutz, four to the large
 * intensive-care ambulance. BUS and MEDEVAC differ by far from one to the next; these are planning numbers, sitting
 * patients in the one, lying patients in the other.
 */
export const MEANS: Readonly<Record<TransportMeans, MeansLimits>> = {
  RTW: { capacity: 1, severe: true, intensive: false },
  KTW: { capacity: 1, severe: false, intensive: false },
  KATS_KTW: { capacity: 2, severe: false, intensive: false },
  ITW: { capacity: 1, severe: true, intensive: true },
  RTH: { capacity: 1, severe: true, intensive: true },
  ITH: { capacity: 1, severe: true, intensive: true },
  NEF: { capacity: 0, severe: false, intensive: false },
  BUS: { capacity: 20, severe: false, intensive: false },
  LARGE_ITW: { capacity: 4, severe: true, intensive: true },
  MEDEVAC: { capacity: 12, severe: true, intensive: true },
};
const ALL_MEANS = Object.keys(MEANS) as TransportMeans[];

/** Has the room and the power for an ECMO on the way; a rescue helicopter has not. */
const CARRIES_ECMO: ReadonlySet<TransportMeans> = new Set(['ITW', 'ITH', 'LARGE_ITW', 'MEDEVAC']);

/**
 * Returns the misfits of carrying the patient by this vehicle and crew; empty when there are none. SK I goes by RTW
 * with a physician or by helicopter, SK II by RTW, SK III by KTW or bus too; a KTW never carries SK I, a NEF nobody,
 * and the rescue service never the dead (means per Sichtungskategorie: BBK, Sichtungs-Konsensus-Konferenz; crew partly
 * our policy).
 */
export function misfits(passenger: Passenger, vehicle: CrewedVehicle): TransportMisfit[] {
  if (passenger.category === 'EX') return ['NOT_BY_RESCUE_SERVICE'];
  if (!isSuitable(vehicle.means, passenger)) return ['MEANS_UNSUITABLE'];
  const { intensive } = MEANS[vehicle.means];
  const lacking: TransportMisfit[] = [];
  if (needsPhysician(passenger) && !vehicle.physician && !intensive) {
    lacking.push('PHYSICIAN_MISSING');
  }
  if (passenger.ventilated && !vehicle.ventilator && !intensive) {
    lacking.push('VENTILATOR_MISSING');
  }
  return lacking;
}

/** The means that may carry the patient, with the right crew. */
export function suitableMeans(passenger: Passenger): TransportMeans[] {
  return ALL_MEANS.filter((means) => isSuitable(means, passenger));
}

function isSuitable(means: TransportMeans, passenger: Passenger): boolean {
  const { capacity, severe } = MEANS[means];
  if (passenger.category === 'EX' || capacity === 0) return false;
  if (passenger.needs.includes('ECMO') && !CARRIES_ECMO.has(means)) return false;
  if (passenger.needs.includes('ISOLATION') && means === 'BUS') return false;
  return severe || !(isSevere(passenger) || passenger.ventilated);
}

function needsPhysician(passenger: Passenger): boolean {
  const { ventilated, physicianEscort } = passenger;
  return ventilated || physicianEscort || isVital(passenger);
}

/** SK IV is not less ill than SK I, and an untriaged patient at a scene may be either. */
function isVital({ category, fromScene }: Passenger): boolean {
  return category === 'SK_I' || category === 'SK_IV' || (category === 'UNTRIAGED' && fromScene);
}

function isSevere(passenger: Passenger): boolean {
  return passenger.category === 'SK_II' || isVital(passenger);
}
