import { setTimeout as delay } from 'node:timers/promises';
import { HOUR_MS } from '../../shared/time/rules.js';
import { PlayerError } from '../client/player-error.js';
import type { SendAs } from '../client/requests.js';
import type { Scene } from '../client/scene.js';
import { CrisisStaff, intensiveBeds, type SituationNode } from './crisis-staff.js';
import { type Delivery, Depots, type Lorry } from './depots.js';
import { draw, type Hospital, hoursLeft, isOutOfPlan, notePlan } from './hospital.js';
import { HospitalStaff } from './hospital-staff.js';
import { kreiseOf } from './kreise.js';
import type { BlackoutOptions } from './options.js';

/** Parameters of the exercise. */
const LITRES_OF_LORRY = 10_000;
/** Hours after the failure until lorries are manned, and hours in which one is filled again behind each run. */
const MANNED_AFTER_HOURS = 4;
const FILLING_HOURS = 1;
/** A hospital requests fuel, and is refuelled, when it has less than this. */
const LOW_HOURS = 24;
/** From this on nobody is sent there any more, and from the other one on again; between them it stays as it was (the hub's rule). */
const LIMIT_HOURS = 6;
const AGAIN_HOURS = 8;

const AT_ONCE = 16;
const LONGEST_NAME = 50;
/** Declarations reach the beds within a second or two; the hub models its first levels some seconds after its start. */
const CHECK_MS = 250;
const MOST_CHECKS = 40;

export interface Blackout extends Omit<BlackoutOptions, 'url' | 'speed'> {
  send: SendAs;
  now: () => Date;
  /** Waits until the next hour is due; returns false when the exercise has to stop. */
  due: () => Promise<boolean>;
  report: (line: string) => void;
}

/** The result of a blackout. */
export interface BlackoutResult {
  hospitals: readonly Hospital[];
  /** Hours that were played. */
  hours: number;
  /** Whether no hour was left out. */
  finished: boolean;
}

/** Runs a failure of the grid from its first hour until the grid is back. Deliveries on their way are received, even after a stop. */
export async function runBlackout(blackout: Blackout): Promise<BlackoutResult> {
  const crisisStaff = new CrisisStaff(blackout.send, blackout.area);
  const known = await hospitalsIn(blackout.area, crisisStaff);
  // Where fuel is that short, beds leave the plan before the first lorry is manned.
  const choice = { hours: LIMIT_HOURS + MANNED_AFTER_HOURS, count: blackout.kreise };
  const kreise = kreiseOf(blackout.area, known, choice);
  const areas = new Set(kreise.map(({ area }) => area));
  const hospitals = known.filter(({ kreis }) => areas.has(kreis));
  const depots = await Depots.open(blackout.send, kreise, blackout.area);
  const exercise = new Exercise(blackout, { crisisStaff, kreise, hospitals, depots });
  blackout.report(
    `The grid fails in ${kreise.map(({ name }) => name).join(', ')}: ${hospitals.length} hospitals with ${sumOf(hospitals)} beds of intensive care start their generators.`,
  );
  let played = 0;
  try {
    for (let hour = 0; hour <= blackout.hours && (await blackout.due()); hour += 1) {
      await exercise.play(hour);
      played = hour;
    }
  } finally {
    await exercise.end(played);
  }
  return { hospitals, hours: played, finished: played === blackout.hours };
}

interface Scenery {
  crisisStaff: CrisisStaff;
  kreise: readonly Scene[];
  hospitals: readonly Hospital[];
  depots: Depots;
}

/** One hour after the other of a failure of the grid. */
class Exercise {
  readonly #blackout: Blackout;
  readonly #scenery: Scenery;
  readonly #staff: HospitalStaff;
  readonly #lorries: Lorry[];
  readonly #byId: ReadonlyMap<string, Hospital>;
  #deliveries: Delivery[] = [];

  constructor(blackout: Blackout, scenery: Scenery) {
    this.#blackout = blackout;
    this.#scenery = scenery;
    this.#staff = new HospitalStaff(blackout.send);
    this.#byId = new Map(scenery.hospitals.map((one) => [one.id, one]));
    const { all } = scenery.depots;
    this.#lorries = Array.from({ length: blackout.lorries }, (_, index) => ({
      id: `lorry ${index + 1}`,
      depot: all[index % all.length]!,
      freeAt: MANNED_AFTER_HOURS,
    }));
  }

  async play(hour: number): Promise<void> {
    const { hospitals } = this.#scenery;
    await this.#drawUntil(hour);
    const grid = hour === 0 ? { grid: 'OFF' as const } : {};
    await forEach(hospitals, (one) => this.#staff.report(one, this.#blackout.now(), grid));
    await this.#notePlan(hour);
    for (const one of hospitals) {
      if (hoursLeft(one) < LOW_HOURS && !one.request && !one.onTheWay) await this.#request(one);
    }
    await this.#refuel(hour);
    this.#blackout.report(this.#summary(hour));
  }

  /** The grid is back: what is on its way is received, and what nobody needs any more is cancelled. */
  async end(hour: number): Promise<void> {
    const { hospitals } = this.#scenery;
    for (const delivery of this.#deliveries) await this.#receive(delivery);
    this.#deliveries = [];
    await forEach(hospitals, async (one) => {
      await this.#staff.cancel(one);
      await this.#staff.report(one, this.#blackout.now(), { grid: 'ON' });
    });
    const shown = await this.#untilShown(() => false);
    const out = hospitals.filter(({ id }) => shown.get(id) === true).length;
    this.#blackout.report(
      `Hour ${hour}: the grid is back, and ${out === 0 ? 'every hospital is' : `${hospitals.length - out} of ${hospitals.length} hospitals are`} in the plan.`,
    );
  }

  /** Draws on the fuel of all hospitals up to an hour, and receives what arrives until then. */
  async #drawUntil(hour: number): Promise<void> {
    if (hour === 0) return;
    const arriving = this.#deliveries.filter(({ arrivesAt }) => arrivesAt <= hour);
    this.#deliveries = this.#deliveries.filter(({ arrivesAt }) => arrivesAt > hour);
    const drawnTo = new Map<string, number>();
    for (const delivery of arriving.toSorted((a, b) => a.arrivesAt - b.arrivesAt)) {
      const hospital = this.#byId.get(delivery.hospital)!;
      draw(hospital, drawnTo.get(hospital.id) ?? hour - 1, delivery.arrivesAt);
      drawnTo.set(hospital.id, delivery.arrivesAt);
      await this.#receive(delivery);
      this.#blackout.report(
        `  ${hospital.name} has received ${delivery.litres} l: fuel for ${hoursLeft(hospital).toFixed(1)} h.`,
      );
    }
    for (const one of this.#scenery.hospitals) draw(one, drawnTo.get(one.id) ?? hour - 1, hour);
  }

  async #receive(delivery: Delivery): Promise<void> {
    const hospital = this.#byId.get(delivery.hospital)!;
    await this.#scenery.depots.receive(delivery);
    hospital.fuel += delivery.litres;
    hospital.received += delivery.litres;
    hospital.onTheWay = false;
  }

  async #request(hospital: Hospital): Promise<void> {
    const { diesel, all } = this.#scenery.depots;
    const organisations = all.map(({ organisation }) => organisation);
    const now = this.#blackout.now();
    hospital.request = await this.#staff.request(hospital, { diesel, organisations, now });
    this.#blackout.report(
      `  ${hospital.name} requests ${hospital.request.litres} l: fuel for ${hoursLeft(hospital).toFixed(1)} h, ${hospital.intensiveBeds} beds of intensive care.`,
    );
  }

  /** Lets the hub plan with the lorries that are free, and lets them drive. */
  async #refuel(hour: number): Promise<void> {
    const free = this.#lorries.filter(({ freeAt }) => freeAt <= hour);
    const isWaiting = this.#scenery.hospitals.some(({ request }) => request !== undefined);
    if (free.length === 0 || !isWaiting) return;
    const availableFrom = this.#blackout.now().toISOString();
    const plan = await this.#scenery.crisisStaff.plan(
      free.map(({ id, depot }) => ({
        id,
        litres: LITRES_OF_LORRY,
        availableFrom,
        position: depot.scene.position,
      })),
    );
    let stops = 0;
    for (const { vehicleId, stops: planned } of plan.runs) {
      const lorry = free.find(({ id }) => id === vehicleId)!;
      for (const stop of planned) {
        const hospital = stop.facility && this.#byId.get(stop.facility.id);
        if (!hospital?.request) continue;
        const litres = Math.floor(Math.min(stop.litres, hospital.request.litres));
        const hours = (Date.parse(stop.arrivesAt) - Date.parse(plan.plannedAt)) / HOUR_MS;
        await this.#drive(lorry, hospital, { litres, arrivesAt: hour + hours });
        stops += 1;
      }
    }
    this.#blackout.report(
      `  Refuelling plan of ${counted(free.length, 'lorry', 'lorries')}: ${counted(stops, 'stop', 'stops')}, ${plan.bedsKept} beds of intensive care kept of at most ${plan.bedsKeptAtMost}.`,
    );
  }

  async #drive(
    lorry: Lorry,
    hospital: Hospital,
    { litres, arrivesAt }: Pick<Delivery, 'litres' | 'arrivesAt'>,
  ): Promise<void> {
    if (litres <= 0) return;
    const request = hospital.request!;
    const expectedAt = new Date(this.#blackout.now().getTime() + HOUR_MS);
    const { depots } = this.#scenery;
    const shipment = await depots.dispatch(lorry.depot, {
      line: request.line,
      litres,
      expectedAt,
    });
    this.#deliveries.push({ shipment, hospital: hospital.id, litres, arrivesAt });
    const left = request.litres - litres;
    hospital.request = left >= 1 ? { ...request, litres: left } : undefined;
    hospital.onTheWay = true;
    lorry.freeAt = Math.max(lorry.freeAt, arrivesAt + FILLING_HOURS);
  }

  async #notePlan(hour: number): Promise<void> {
    const shown = await this.#untilShown((one) => {
      if (hoursLeft(one) < LIMIT_HOURS) return true;
      return hoursLeft(one) >= AGAIN_HOURS ? false : undefined;
    });
    for (const one of this.#scenery.hospitals) {
      const before = isOutOfPlan(one);
      notePlan(one, shown.get(one.id) ?? false, hour);
      if (before === isOutOfPlan(one)) continue;
      this.#blackout.report(
        before
          ? `  ${one.name} is back in the plan: fuel for ${hoursLeft(one).toFixed(1)} h.`
          : `  ${one.name} leaves the plan: fuel for ${hoursLeft(one).toFixed(1)} h, ${one.intensiveBeds} beds of intensive care.`,
      );
    }
  }

  /**
   * Reads the situation until capacity has what supply declared, and returns which hospitals are out of the plan. `expected` is undefined where
   * either is right.
   */
  async #untilShown(
    expected: (hospital: Hospital) => boolean | undefined,
  ): Promise<Map<string, boolean>> {
    const { crisisStaff, kreise, hospitals } = this.#scenery;
    for (let check = 1; ; check += 1) {
      const nodes = await Promise.all(kreise.map(({ area }) => crisisStaff.situation(area)));
      const shown = new Map(
        nodes
          .flat()
          .flatMap(({ facility }) =>
            facility ? [[facility.id, facility.notSustainable === true] as const] : [],
          ),
      );
      const isShown = hospitals.every((one) => {
        const wanted = expected(one);
        return wanted === undefined || wanted === shown.get(one.id);
      });
      if (isShown || check === MOST_CHECKS) return shown;
      await delay(CHECK_MS);
    }
  }

  #summary(hour: number): string {
    const { hospitals } = this.#scenery;
    const out = hospitals.filter(isOutOfPlan);
    const failed = hospitals.filter(({ fuel }) => fuel === 0);
    const litres = this.#deliveries.reduce((sum, one) => sum + one.litres, 0);
    const [next] = hospitals.toSorted((a, b) => hoursLeft(a) - hoursLeft(b));
    return `Hour ${hour}: out of the plan ${out.length} of ${hospitals.length} hospitals with ${sumOf(out)} beds of intensive care; without power ${failed.length}; on the way ${litres} l; least fuel for ${hoursLeft(next!).toFixed(1)} h, ${next!.name}.`;
  }
}

/** Returns the hospitals of an area whose generators and fuel the hub knows. */
async function hospitalsIn(area: string, crisisStaff: CrisisStaff): Promise<Hospital[]> {
  for (let check = 1; ; check += 1) {
    const nodes = await crisisStaff.situation(area);
    const hospitals = nodes.flatMap((node) => hospitalOf(node) ?? []);
    if (hospitals.length > 0) return hospitals;
    if (check === MOST_CHECKS) {
      throw new PlayerError(
        `The hub knows no fuel of a hospital in ${area}. A hub on its own database models it; another one needs reports first.`,
      );
    }
    await delay(CHECK_MS);
  }
}

function hospitalOf({ stock, load, facility }: SituationNode): Hospital | undefined {
  if (!facility?.area || stock === null || !load) return undefined;
  const lasts = stock / load;
  return {
    id: facility.id,
    name: shortName(facility.name ?? facility.id),
    kreis: facility.area,
    intensiveBeds: intensiveBeds(facility.beds ?? []),
    fuel: stock,
    load,
    lastedAtFirst: lasts,
    leastHours: lasts,
    request: undefined,
    onTheWay: false,
    received: 0,
    failedAt: undefined,
    leftPlanAt: undefined,
    returnedAt: undefined,
  };
}

/** A long name begins with the owner; behind the last comma stands the site. */
function shortName(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return name
    .slice(name.lastIndexOf(', ') + 1)
    .trim()
    .slice(0, LONGEST_NAME);
}

async function forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<void>) {
  const rest = items.values();
  const work = async () => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function sumOf(hospitals: readonly Hospital[]): number {
  return hospitals.reduce((sum, { intensiveBeds: beds }) => sum + beds, 0);
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
