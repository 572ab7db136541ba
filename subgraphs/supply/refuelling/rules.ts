import { HOUR_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import { invalid, positionFault, type WithTypename } from '../../../shared/validation/rules.js';
import type {
  InvalidVehicle,
  PlanRefuellingInput,
  RefuellingDecisionReason,
} from '../generated/graphql.js';

/** Roads are longer than the straight line by this factor, and tank lorries in a blackout drive so fast on average (our parameters). */
const DETOUR = 1.3;
const KM_PER_HOUR = 45;
/** Minutes to arrive at the filling point, connect and leave, and litres that flow in a minute. */
const MINUTES_PER_STOP = 20;
const LITRES_PER_MINUTE = 400;
/** A stop leaves fuel for a day where there is enough, and never for less than six hours: then it would be needed again at once. */
const MOST_HOURS = 24;
const LEAST_HOURS = 6;

const MOST_VEHICLES = 200;
const MOST_LITRES = 60_000;
/** A plan is for hours; a lorry that is available later, or was long before, is a mistyped date. */
const MOST_DAYS_DISTANT = 7;

export interface Point {
  latitude: number;
  longitude: number;
}

/** A facility whose generators run out of fuel. */
export interface FuelDemand extends Point {
  facility: string;
  failsAt: Date;
  /** Litres per hour, above 0. */
  load: number;
  intensiveBeds: number;
}

/** A facility without the grid of which no hour of failure is known: a person decides on it. */
export interface UndecidedFacility {
  facility: string;
  reason: RefuellingDecisionReason;
  observedAt: Date;
  intensiveBeds: number;
}

export interface TankLorry {
  id: string;
  litres: number;
  position: Point;
  availableFrom: Date;
}

export interface PlannedStop {
  need: FuelDemand;
  /** When the facility would run out of fuel without the stop. */
  failsAt: Date;
  arrivesAt: Date;
  litres: number;
  /** When the fuel is used up after the stop. */
  lastsUntil: Date;
  inTime: boolean;
}

export interface PlannedRun {
  vehicleId: string;
  stops: PlannedStop[];
  litresLeft: number;
}

/** A facility that fails before help arrives, with the stop that reaches it all the same. */
export interface UnreachedFacility {
  need: FuelDemand;
  stop: PlannedStop | undefined;
}

/** A plan, and what no plan could exceed. */
export interface PlannedRefuelling {
  runs: PlannedRun[];
  /** Facilities that fail before help arrives, with the stop that reaches them all the same. */
  failing: UnreachedFacility[];
  bedsKept: number;
  bedsKeptAtMost: number;
  facilitiesKept: number;
  facilitiesKeptAtMost: number;
}

interface Lorry extends Omit<PlannedRun, 'vehicleId'> {
  id: string;
  position: Point;
  freeAt: Date;
}

/** Returns why a vehicle of a request cannot be planned with; undefined when all can. */
export function refuseVehicles(
  { vehicles }: PlanRefuellingInput,
  now: Date,
): WithTypename<InvalidVehicle> | undefined {
  const refusal = (field: string, fault: string) => invalid('InvalidVehicle', field, fault);
  if (vehicles.length === 0 || vehicles.length > MOST_VEHICLES) {
    return refusal(
      'vehicles',
      `A plan has 1 to ${MOST_VEHICLES} vehicles; received ${vehicles.length}.`,
    );
  }
  const ids = new Set<string>();
  for (const [index, { id, litres, position, availableFrom }] of vehicles.entries()) {
    if (id.trim() === '') {
      return refusal(`vehicles[${index}].id`, 'Each vehicle has a name; received nothing.');
    }
    if (Math.abs(availableFrom.getTime() - now.getTime()) > MOST_DAYS_DISTANT * 24 * HOUR_MS) {
      return refusal(
        `vehicles[${index}].availableFrom`,
        `availableFrom lies at most ${MOST_DAYS_DISTANT} days ahead or back; received ${availableFrom.toISOString()}. Leave out a lorry that is not there by then.`,
      );
    }
    if (!(litres > 0 && litres <= MOST_LITRES)) {
      return refusal(
        `vehicles[${index}].litres`,
        `litres is above 0 and at most ${MOST_LITRES}; received ${litres}. Name each lorry by itself.`,
      );
    }
    const fault = positionFault(position);
    if (fault !== undefined) return refusal(`vehicles[${index}].position`, fault);
    if (ids.has(id)) {
      return refusal(`vehicles[${index}].id`, `Each vehicle is named once; received ${id} again.`);
    }
    ids.add(id);
  }
  return undefined;
}

/**
 * Plans who refuels whom (L34): facilities are assigned in order of their hour of failure and of the beds of intensive care at risk, each
 * to the lorry that arrives first, if that is in time and it has fuel enough. No order is best for every situation, so three are tried (the
 * hour; the beds; beds per hour left), and the plan that keeps most beds counts, then most facilities. A facility that fails before help arrives is
 * reached afterwards, with what is left, and stops that are short of their hours are topped up by lorries that still carry fuel. The plan is no optimum: beside it stands what no plan could exceed.
 */
export function planRefuelling(
  needs: readonly FuelDemand[],
  lorries: readonly TankLorry[],
  now: Date,
): PlannedRefuelling {
  const hours = hoursPerStop(needs, lorries);
  const bound = boundOf(needs, lorries, now);
  const plans = ORDERS.map((order) => planInOrder(needs.toSorted(order(now)), lorries, hours, now));
  const best = plans.reduce((a, b) => (isBetter(b, a) ? b : a));
  return { ...best, ...bound };
}

type PlanCore = Omit<PlannedRefuelling, 'bedsKeptAtMost' | 'facilitiesKeptAtMost'>;

const byHour = (a: FuelDemand, b: FuelDemand) =>
  a.failsAt.getTime() - b.failsAt.getTime() ||
  b.intensiveBeds - a.intensiveBeds ||
  a.facility.localeCompare(b.facility);
const bedsPerHour = ({ intensiveBeds, failsAt }: FuelDemand, now: Date) =>
  intensiveBeds / Math.max(0.25, (failsAt.getTime() - now.getTime()) / HOUR_MS);
const ORDERS: readonly ((now: Date) => (a: FuelDemand, b: FuelDemand) => number)[] = [
  () => byHour,
  () => (a, b) => b.intensiveBeds - a.intensiveBeds || byHour(a, b),
  (now) => (a, b) => bedsPerHour(b, now) - bedsPerHour(a, now) || byHour(a, b),
];

function isBetter(a: PlanCore, b: PlanCore): boolean {
  if (a.bedsKept !== b.bedsKept) return a.bedsKept > b.bedsKept;
  return a.facilitiesKept > b.facilitiesKept;
}

function planInOrder(
  needs: readonly FuelDemand[],
  lorries: readonly TankLorry[],
  hours: number,
  now: Date,
): PlanCore {
  const fleet = lorries.map(({ litres, availableFrom, ...rest }): Lorry => {
    return { ...rest, freeAt: later(availableFrom, now), litresLeft: litres, stops: [] };
  });
  const late = needs.filter((need) => !serve(fleet, need, hours, (at) => at <= need.failsAt));
  const failing = late.toSorted(byHour).map((need) => {
    return { need, stop: serve(fleet, need, hours, () => true) };
  });
  const kept = fleet.flatMap(({ stops }) => stops.filter(({ inTime }) => inTime));
  topUp(fleet, hours);
  return {
    runs: fleet.map(({ id, stops, litresLeft }) => ({ vehicleId: id, stops, litresLeft })),
    failing,
    bedsKept: sumOf(kept, ({ need }) => need.intensiveBeds),
    facilitiesKept: kept.length,
  };
}

/** Sends the lorry that arrives first among those that have fuel enough and arrive as they must; undefined where none does. */
function serve(
  fleet: readonly Lorry[],
  need: FuelDemand,
  hours: number,
  mayArrive: (at: Date) => boolean,
): PlannedStop | undefined {
  let chosen: Lorry | undefined;
  let arrivesAt: Date | undefined;
  for (const lorry of fleet) {
    if (lorry.litresLeft < LEAST_HOURS * need.load) continue;
    const at = arrivalOf(lorry.position, lorry.freeAt, need);
    if (!mayArrive(at) || (arrivesAt && at >= arrivesAt)) continue;
    [chosen, arrivesAt] = [lorry, at];
  }
  if (!chosen || !arrivesAt) return undefined;
  return drive(chosen, need, need.failsAt, arrivesAt, hours * need.load);
}

/**
 * Tops up what a stop left short of its hours, because its lorry carried no more, with what others still have: the facility that is dark
 * first is served first, each time by the lorry that arrives first before it is.
 */
function topUp(fleet: readonly Lorry[], hours: number): void {
  const short = fleet
    .flatMap(({ stops }) => stops)
    .map((stop) => ({ stop, missing: Math.ceil(hours * stop.need.load) - stop.litres }))
    .toSorted((a, b) => Number(a.stop.lastsUntil) - Number(b.stop.lastsUntil));
  for (const { stop, missing } of short) {
    let [last, left] = [stop, missing];
    while (left > 0) {
      const [first] = fleet
        .filter(({ litresLeft }) => litresLeft > 0)
        .map((lorry) => ({ lorry, at: arrivalOf(lorry.position, lorry.freeAt, stop.need) }))
        .filter(({ at }) => at <= last.lastsUntil)
        .toSorted((a, b) => Number(a.at) - Number(b.at));
      if (!first) break;
      last = drive(first.lorry, stop.need, last.lastsUntil, first.at, left);
      left -= last.litres;
    }
  }
}

/** Adds a stop to the run of a lorry that leaves what is wanted, or all that it carries. */
function drive(
  lorry: Lorry,
  need: FuelDemand,
  failsAt: Date,
  arrivesAt: Date,
  wanted: number,
): PlannedStop {
  const litres = Math.min(lorry.litresLeft, Math.ceil(wanted));
  const stop: PlannedStop = {
    need,
    failsAt,
    arrivesAt,
    litres,
    inTime: arrivesAt <= failsAt,
    lastsUntil: after(later(failsAt, arrivesAt), litres / need.load),
  };
  lorry.stops.push(stop);
  lorry.litresLeft -= litres;
  lorry.position = need;
  const minutes = MINUTES_PER_STOP + litres / LITRES_PER_MINUTE;
  lorry.freeAt = new Date(arrivesAt.getTime() + minutes * MINUTE_MS);
  return stop;
}

/** How many hours of fuel a stop leaves: what there is, shared by all. */
function hoursPerStop(needs: readonly FuelDemand[], lorries: readonly TankLorry[]): number {
  const load = sumOf(needs, (need) => need.load);
  const litres = sumOf(lorries, (lorry) => lorry.litres);
  return load === 0 ? MOST_HOURS : Math.max(LEAST_HOURS, Math.min(MOST_HOURS, litres / load));
}

/**
 * Returns what no plan could exceed. Two rules are relaxed: every lorry may be everywhere at once, so that a facility counts as reached
 * when one that carries enough could drive there directly in time; and the fuel of all lorries lies in one tank, of which each facility
 * takes the least that a stop leaves, the last one a part of it.
 */
function boundOf(needs: readonly FuelDemand[], lorries: readonly TankLorry[], now: Date) {
  const reachable = needs.filter((need) =>
    lorries.some(
      ({ litres, position, availableFrom }) =>
        litres >= LEAST_HOURS * need.load &&
        arrivalOf(position, later(availableFrom, now), need) <= need.failsAt,
    ),
  );
  const litres = sumOf(lorries, (lorry) => lorry.litres);
  const atMost = (valueOf: (need: FuelDemand) => number) => {
    const byValue = reachable.toSorted((a, b) => valueOf(b) / b.load - valueOf(a) / a.load);
    let [left, sum] = [litres, 0];
    for (const need of byValue) {
      const least = LEAST_HOURS * need.load;
      const part = Math.min(1, left / least);
      sum += part * valueOf(need);
      left -= part * least;
    }
    return Math.floor(sum + 1e-9);
  };
  return {
    bedsKeptAtMost: atMost(({ intensiveBeds }) => intensiveBeds),
    facilitiesKeptAtMost: atMost(() => 1),
  };
}

function arrivalOf(from: Point, freeAt: Date, to: Point): Date {
  return after(freeAt, (DETOUR * kilometres(from, to)) / KM_PER_HOUR);
}

/** The distance on a sphere with the radius of the Earth (haversine). */
function kilometres(a: Point, b: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const latitude = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const longitude = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const cosines = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  return 2 * 6_371 * Math.asin(Math.sqrt(latitude + cosines * longitude));
}

function after(instant: Date, hours: number): Date {
  return new Date(instant.getTime() + Math.round(hours * HOUR_MS));
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function sumOf<Entry>(entries: readonly Entry[], valueOf: (entry: Entry) => number): number {
  return entries.reduce((sum, entry) => sum + valueOf(entry), 0);
}
