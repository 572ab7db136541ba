import type { PatientClass } from './classes.js';
import type { SteeredCategory } from './input.js';
import type { Market, Reach } from './market.js';
import type { Parameters } from './parameters.js';
import { countOf, NEVER_WAIVED, type Mask } from './needs.js';
import {
  AMBULATORY,
  fitOf,
  isOnlyClosed,
  isOnlyFailing,
  isOnlyFull,
  type Fit,
} from './suitability.js';
import { travelMinutes, type Way } from './travel.js';

/** One way to assign a patient of a class: a helping of a facility, reached by road or by air. */
export interface Option {
  /** Index in `Offer.groups`. */
  group: number;
  facility: number;
  way: Way;
  minutes: number;
  /** Weighted minutes, with all that counts as minutes. */
  cost: number;
  /** Needs that the facility does not meet; 0 except for a downgraded patient. */
  unmet: Mask;
  /** Whether the facility is closed for the patient and is used all the same. */
  closureSetAside: boolean;
  /** Whether the facility fails soon and is used all the same. */
  failureSetAside: boolean;
}

/** The slots of one helping of one facility for one category. */
export interface SlotGroup {
  facility: number;
  category: SteeredCategory;
  helping: number;
  slots: number;
}

/** The options that the patients of a class have. */
export interface ClassOptions {
  of: PatientClass;
  options: readonly Option[];
  /** Whether a facility in reach that may take them meets all their needs, full or not. */
  hasSpecialist: boolean;
}

/** All that can be chosen from. */
export interface Offer {
  groups: readonly SlotGroup[];
  /** Indexes in `groups` by facility and category. */
  groupsOf: readonly Readonly<Record<SteeredCategory, readonly number[]>>[];
  classes: readonly ClassOptions[];
}

export function offerOf(market: Market): Offer {
  const groups: SlotGroup[] = [];
  const groupsOf = market.limits.map((limits, facility) => {
    const byCategory = (category: SteeredCategory) =>
      limits[category].helpings.map(({ helping, slots }) => {
        groups.push({ facility, category, helping, slots });
        return groups.length - 1;
      });
    return { SK_I: byCategory('SK_I'), SK_II: byCategory('SK_II'), SK_III: byCategory('SK_III') };
  });
  const classes = market.classes.map((of) => {
    const { chosen, hasSpecialist } = choose(of, market);
    const options: Option[] = [];
    for (const one of chosen) {
      for (const group of groupsOf[one.reach.facility]![of.category]) {
        addWays(one, group, groups[group]!, of, market, options);
      }
    }
    return { of, options, hasSpecialist };
  });
  return { groups, groupsOf, classes };
}

interface ReachedFacility {
  reach: Reach;
  fit: Fit;
}

/**
 * Chooses the facilities that are considered for a class. Fit comes before distance (TraumaNetzwerk DGU): needs are
 * waived only where policy allows, and closures only for SK I when no open facility in reach can take them. A full
 * facility counts as one that meets the needs: slots of it become free, and patients who need it wait for that unless
 * policy waives the need. A facility that fails soon is considered for SK I whom no other one that fits takes within the hour,
 * if they reach it within that time and it lasts for long enough.
 */
function choose(
  of: PatientClass,
  market: Market,
): { chosen: ReachedFacility[]; hasSpecialist: boolean } {
  const { downgrade, skIMinutes } = market.input.parameters;
  const fitting: ReachedFacility[] = [];
  const lesser: ReachedFacility[] = [];
  const closed: ReachedFacility[] = [];
  const failing: ReachedFacility[] = [];
  let isFull = false;
  for (const reach of market.reach.get(of.scene) ?? []) {
    const suitability = market.facilities[reach.facility]!;
    const fit = fitOf(suitability, of);
    const isSkI = of.category === 'SK_I';
    const isInTime = reach.roadMinutes <= skIMinutes;
    const isOpen = fit.against.length === 0;
    if (isOpen && fit.unmet === 0) fitting.push({ reach, fit });
    else if (isOpen && (fit.unmet & NEVER_WAIVED) === 0) lesser.push({ reach, fit });
    else if (isSkI && isOnlyClosed(fit)) closed.push({ reach, fit });
    else if (isSkI && isInTime && isOnlyFailing(fit, suitability.facility, reach.roadMinutes))
      failing.push({ reach, fit });
    else if (isOnlyFull(fit)) isFull = true;
  }
  if (!fitting.some(({ reach }) => reach.roadMinutes <= skIMinutes)) fitting.push(...failing);
  if (fitting.length === 0 && closed.length > 0) return { chosen: closed, hasSpecialist: true };
  if (fitting.length > 0 || isFull) {
    const chosen = downgrade === 'WHEN_NONE_FREE' ? [...fitting, ...lesser] : fitting;
    return { chosen, hasSpecialist: true };
  }
  return { chosen: downgrade === 'NEVER' ? [] : lesser, hasSpecialist: false };
}

/** The ways to a helping of a facility: by road, and by air where that gains time. */
function addWays(
  { reach, fit }: ReachedFacility,
  group: number,
  { facility, helping }: SlotGroup,
  of: PatientClass,
  { facilities, input }: Market,
  options: Option[],
): void {
  const { parameters, flights } = input;
  const { roadMinutes, airMinutes } = reach;
  const isHospital = !AMBULATORY.has(facilities[facility]!.facility.kind);
  const extra =
    helping * minutesPerHelping(parameters) +
    countOf(fit.unmet) * parameters.downgradeMinutes +
    (of.category === 'SK_III' && isHospital ? parameters.ambulatoryMinutes : 0);
  const { unmet } = fit;
  const closureSetAside = fit.against.includes('CLOSED');
  const failureSetAside = fit.against.includes('NOT_SUSTAINABLE');
  const add = (way: Way, minutes: number) => {
    const cost = of.weight * (minutes + extra);
    const aside = { closureSetAside, failureSetAside };
    options.push({ group, facility, way, minutes, cost, unmet, ...aside });
  };
  add('ROAD', roadMinutes);
  const mayFly = flights > 0 && of.category !== 'SK_III' && airMinutes !== null;
  if (mayFly && airMinutes < roadMinutes) add('AIR', airMinutes);
}

/** One minute more than a ring is wide: within a ring nobody gets a second helping before all have had their first. */
function minutesPerHelping(parameters: Parameters): number {
  return 1 + travelMinutes(parameters.ringKm, 'ROAD', parameters);
}

/** Cost of leaving a patient of a class at the scene. */
export function costOfLeaving({ weight }: PatientClass, { input }: Market): number {
  return weight * input.parameters.unallocatedMinutes;
}
