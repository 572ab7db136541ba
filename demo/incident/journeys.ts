import { MINUTE_MS } from '../../shared/time/rules.js';
import type { ControlRoom, RegisteredPatient, Vehicle } from './control-room.js';
import type { Destination, Destinations } from './destinations.js';
import type { FacilityStaff } from './facility-staff.js';

/** Vehicles of each kind at the scene: as many as two patient transport platoons of NRW bring. */
const FLEET = 8;
/** Roads are longer than a line on the map, and ambulances drive at about this speed: an estimate, not a route. */
const DETOUR = 1.3;
const KM_PER_HOUR = 60;

/** A patient under way to a facility that accepted. */
export interface Journey {
  patient: RegisteredPatient;
  transfer: string;
  destination: Destination;
  vehicle: Vehicle;
}

/** Sends patients to facilities and brings them there, with the requests of all callers involved. */
export class Journeys {
  readonly #controlRoom: ControlRoom;
  readonly #staff: FacilityStaff;
  readonly #destinations: Destinations;
  readonly #now: () => Date;
  readonly #free: Record<Vehicle['means'], Vehicle[]>;
  readonly #underWay: Journey[] = [];

  constructor(
    parts: { controlRoom: ControlRoom; staff: FacilityStaff; destinations: Destinations },
    /** Part of the call signs, so that two exercises never share a vehicle. */
    name: string,
    now: () => Date,
  ) {
    this.#controlRoom = parts.controlRoom;
    this.#staff = parts.staff;
    this.#destinations = parts.destinations;
    this.#now = now;
    // 83 and 85 are the radio numbers of RTW and KTW in most Länder.
    const fleet = (means: Vehicle['means'], number: number) =>
      Array.from({ length: FLEET }, (_, index) => ({
        callSign: `Übung ${name} ${number}-${index + 1}`,
        means,
        physician: false,
      }));
    this.#free = { RTW: fleet('RTW', 83), KTW: fleet('KTW', 85) };
  }

  /** Whether a vehicle for the patient is at the scene; otherwise one must come back first. */
  hasVehicleFor({ patient }: RegisteredPatient): boolean {
    return this.#free[meansFor(patient.category)].length > 0;
  }

  /** Finds a facility that accepts the patient and sends the patient there. Undefined when no facility has a free intake slot. */
  async send(patient: RegisteredPatient): Promise<Journey | undefined> {
    const found = await this.#findDestination(patient);
    if (!found) return undefined;
    const { category } = patient.patient;
    const means = meansFor(category);
    // An emergency physician meets the ambulance of a patient in danger of life.
    const vehicle = { ...this.#free[means].shift()!, physician: category === 'SK_I' };
    const minutes = (found.destination.km * DETOUR * 60) / KM_PER_HOUR;
    const arrival = new Date(this.#now().getTime() + minutes * MINUTE_MS);
    await this.#controlRoom.assign([found.transfer], vehicle, arrival);
    for (const status of [3, 4, 7]) await this.#controlRoom.report(vehicle, status, this.#now());
    const journey = { patient, vehicle, ...found };
    this.#underWay.push(journey);
    return journey;
  }

  /** Ends the journey that began first; undefined when nobody is under way. */
  async bring(): Promise<Journey | undefined> {
    const journey = this.#underWay.shift();
    if (!journey) return undefined;
    const { vehicle, destination, transfer } = journey;
    await this.#controlRoom.report(vehicle, 8, this.#now());
    await this.#staff.handOver(destination.id, transfer);
    await this.#controlRoom.report(vehicle, 1, this.#now());
    this.#free[vehicle.means].push(vehicle);
    return journey;
  }

  /** Returns a transfer that a facility has accepted. A facility without a free slot refuses, and the next is requested. */
  async #findDestination(
    patient: RegisteredPatient,
  ): Promise<{ transfer: string; destination: Destination } | undefined> {
    const refused = new Set<string>();
    let transfer: string | undefined;
    for (;;) {
      const destination = await this.#destinations.nearest(patient.patient, refused);
      if (!destination) return undefined;
      const { id, reason } = destination;
      if (transfer) await this.#controlRoom.requestNext(transfer, id);
      else transfer = await this.#controlRoom.request(patient, id, reason);
      if (await this.#staff.accept(id, transfer)) return { transfer, destination };
      refused.add(id);
    }
  }
}

function meansFor(category: string): Vehicle['means'] {
  return category === 'SK_III' ? 'KTW' : 'RTW';
}
