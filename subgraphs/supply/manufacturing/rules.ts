import type { DeclareManufacturingInput, NearInput } from '../generated/graphql.js';
import { numberFault, positionFault } from '../../../shared/validation/rules.js';
import { quantityFault, quantityOf, thousandths } from '../items/rules.js';

/** The production of a maker, in the item's unit; see Manufacturing of the schema. */
export interface Capacity {
  perDay: number;
  materialDays: number | null;
  surgePerDay: number | null;
  rampUpDays: number | null;
}

/** A maker that bridging may use. */
export interface Maker extends Capacity {
  id: string;
}

/** The contribution of a maker; day 1 is today. */
export interface Contribution {
  id: string;
  quantity: number;
  firstDay: number;
  lastDay: number;
}

/** How far stock and production go. */
export interface BridgingPlan {
  contributions: Contribution[];
  stockDays: number;
  coveredDays: number;
  uncovered: number;
  productionCoversFromDay: number | null;
}

export const MOST_DAYS = 365;
/** Ten years: no stock of materials and no ramp-up is longer. */
const MOST_DAYS_OF_PRODUCTION = 3_650;

const MOST_KILOMETRES = 1_000;
/** The distance unless one is stated, as the schema says: what a courier drives within two hours. */
export const USUAL_KILOMETRES = 100;

/** Returns makers in the order in which they are used: those of the Kreis first, then those of its Land, and otherwise as they are. */
export function nearestFirst<Row extends { area: string }>(
  makers: readonly Row[],
  area: string,
): Row[] {
  const distance = (row: Row) =>
    row.area.startsWith(area) ? 0 : row.area.startsWith(area.slice(0, 2)) ? 1 : 2;
  return [...makers].sort((a, b) => distance(a) - distance(b));
}

/** Returns the fault of a distance, as a sentence for the caller; undefined if it has none. */
export function nearFault({
  facility,
  position,
  kilometres = USUAL_KILOMETRES,
}: NearInput): string | undefined {
  if ((facility == null) === (position == null)) {
    return `Exactly one of near.facility and near.position is given; received ${position == null ? 'none' : 'both'}.`;
  }
  if (!(kilometres > 0 && kilometres <= MOST_KILOMETRES)) {
    return `near.kilometres is above 0 and at most ${MOST_KILOMETRES}; received ${kilometres}.`;
  }
  return position == null ? undefined : positionFault(position);
}

/** Returns the fault of a declaration, as a sentence for the caller; undefined if it has none. */
export function declarationFault({
  perDay,
  materialDays,
  surge,
}: Pick<DeclareManufacturingInput, 'perDay' | 'materialDays' | 'surge'>): string | undefined {
  const fault =
    quantityFault('perDay', perDay) ??
    daysFault('materialDays', materialDays ?? 0) ??
    (surge &&
      (quantityFault('surge.perDay', surge.perDay) ??
        daysFault('surge.rampUpDays', surge.rampUpDays)));
  if (fault) return fault;
  if (!surge || surge.perDay > perDay) return undefined;
  return `surge.perDay is more than perDay, which is ${perDay}; received ${surge.perDay}. Leave surge out where production cannot be raised.`;
}

/** Returns the fault of the arguments of `bridging`, as a sentence for the caller; undefined if it has none. */
export function bridgingFault(
  days: number,
  demandPerDay: number | null | undefined,
): string | undefined {
  return (
    numberFault('days', days, { minimum: 1, maximum: MOST_DAYS }) ??
    (demandPerDay == null ? undefined : demandFault(demandPerDay))
  );
}

export function demandFault(demandPerDay: number): string | undefined {
  const fault = quantityFault('demandPerDay', demandPerDay);
  return fault ?? (demandPerDay > 0 ? undefined : 'demandPerDay is above 0; received 0.');
}

/**
 * Returns the first day on which a maker makes what is needed that day, and the day on which its materials no longer suffice. It makes no more
 * than is needed, so that its materials last; until it covers the demand it makes what it can.
 */
export function coverageOf(
  maker: Capacity,
  demandPerDay: number,
): { coversFromDay: number | null; uncoveredFromDay: number | null } {
  const needed = thousandths(demandPerDay);
  let material = materialOf(maker);
  let coversFromDay: number | null = null;
  for (let day = 1; day <= MOST_DAYS_OF_PRODUCTION; day += 1) {
    const made = Math.min(capacityOn(maker, day), needed, material);
    if (made === needed) coversFromDay ??= day;
    else if (coversFromDay !== null) return { coversFromDay, uncoveredFromDay: day };
    material -= made;
  }
  return { coversFromDay, uncoveredFromDay: coversFromDay === null ? 1 : null };
}

/**
 * Plans how stock and makers, in the order given, meet a demand. Each maker makes as much as it can from the first day on until the
 * whole demand is met: what is made early is never too early, so that no other order of days covers more.
 */
export function planBridging(
  demandPerDay: number,
  stock: number,
  days: number,
  makers: readonly Maker[],
): BridgingPlan {
  const needed = thousandths(demandPerDay);
  const inStock = thousandths(stock);
  const production = makers.map((maker) => ({
    maker,
    material: materialOf(maker),
    made: 0,
    first: 0,
    last: 0,
  }));
  let [toMake, available] = [Math.max(0, needed * days - inStock), inStock];
  let [coveredDays, uncovered, hasGap] = [0, 0, false];
  for (let day = 1; day <= days; day += 1) {
    for (const one of production) {
      const made = Math.min(capacityOn(one.maker, day), one.material, toMake);
      if (made === 0) continue;
      one.material -= made;
      one.made += made;
      one.first ||= day;
      one.last = day;
      toMake -= made;
      available += made;
    }
    const used = Math.min(needed, available);
    available -= used;
    uncovered += needed - used;
    // A quantity that was missing on a day is not made up for later: production of the same quantity would have no use.
    toMake = Math.max(0, Math.min(toMake, needed * (days - day) - available));
    hasGap ||= used < needed;
    if (!hasGap) coveredDays = day;
  }
  return {
    contributions: production
      .filter(({ made }) => made > 0)
      .map(({ maker, made, first, last }) => ({
        id: maker.id,
        quantity: quantityOf(made),
        firstDay: first,
        lastDay: last,
      })),
    stockDays: needed === 0 ? days : Math.min(days, inStock / needed),
    coveredDays,
    uncovered: quantityOf(uncovered),
    productionCoversFromDay: productionCoversFrom(needed, days, makers),
  };
}

/** The first day on which the makers together, at their full production from today on, make what is needed that day. */
function productionCoversFrom(
  needed: number,
  days: number,
  makers: readonly Maker[],
): number | null {
  const materials = makers.map(materialOf);
  for (let day = 1; day <= days; day += 1) {
    let made = 0;
    for (const [n, maker] of makers.entries()) {
      const one = Math.min(capacityOn(maker, day), materials[n]!);
      materials[n]! -= one;
      made += one;
    }
    if (made >= needed) return day;
  }
  return null;
}

function capacityOn({ perDay, surgePerDay, rampUpDays }: Capacity, day: number): number {
  return thousandths(surgePerDay !== null && day > (rampUpDays ?? 0) ? surgePerDay : perDay);
}

/** Materials are stated in days at the usual production; a surge uses them up sooner. */
function materialOf({ perDay, materialDays }: Capacity): number {
  return materialDays === null ? Infinity : thousandths(perDay) * materialDays;
}

function daysFault(field: string, days: number): string | undefined {
  return numberFault(field, days, { minimum: 0, maximum: MOST_DAYS_OF_PRODUCTION, unit: 'days' });
}
