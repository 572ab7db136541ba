import { DAY_MS, HOUR_MS } from '../../../../shared/time/rules.js';
import { modelledBeds, type ModelledFacility } from '../../facilities/rules.js';
import type { Unit } from '../../generated/graphql.js';
import { availableOf, quantityOf, type Thousandths, thousandths } from '../../items/rules.js';

/** Deliveries come in the morning, at this hour (UTC). */
const DELIVERY_HOUR_MS = 6 * HOUR_MS;
/** One stock in 25 lasts shorter than its duty, so that a list of shortages has entries. */
const SHARE_BELOW_DUTY = 0.04;
/** For which part of the days the others are modelled: from the first number to the second. */
const [BELOW_DUTY, WITH_DUTY, WITHOUT_DUTY] = [
  [0.3, 0.95],
  [1.05, 1.6],
  [0.7, 1.3],
] as const;

/** A line of `data/modelled-stocks`. */
export interface ModelledItem {
  /** Id of the item. */
  item: string;
  per: 'INTENSIVE_BED' | 'ACUTE_BED' | 'BED';
  /** Consumption of one bed in a day, in the item's unit. */
  perDay: number;
  /** For how many days the stock is planned. */
  days: number;
  /** The duty below which some are, in days; null where none is. */
  shortBelowDays: number | null;
  /** Days between two deliveries. */
  everyDays: number;
  rule: string;
  /** Whether the item is only counted in whole numbers. */
  isWhole: boolean;
}

/** A stock as it is modelled first. */
interface SeededStock {
  facility: string;
  item: string;
  quantity: number;
  averageConsumption: number;
  renewalDays: number;
  renewsAt: Date;
  rule: string;
}

/** Returns the modelled stocks of a facility: by its beds and by numbers that belong to it and the item, so that every hub has the same. */
export function modelledStocks(
  facility: ModelledFacility,
  items: readonly ModelledItem[],
  now: Date,
): SeededStock[] {
  const { intensive, all, isAcute } = modelledBeds(facility);
  const bedsFor = { INTENSIVE_BED: intensive, ACUTE_BED: isAcute ? all : 0, BED: all };
  return items.flatMap(({ item, per, perDay, everyDays, rule, ...plan }) => {
    const averageConsumption = Math.round(perDay * bedsFor[per] * 1000) / 1000;
    const share = shareOf(facility.facilityId, item);
    const quantity = quantityFor(averageConsumption, plan, share);
    if (averageConsumption === 0 || quantity === 0) return [];
    const phase = Math.floor(shareOf(item, facility.facilityId) * everyDays);
    const first = new Date(phase * DAY_MS + DELIVERY_HOUR_MS);
    return {
      facility: facility.facilityId,
      item,
      quantity,
      averageConsumption,
      rule,
      renewalDays: everyDays,
      renewsAt: nextDelivery(first, everyDays, now),
    };
  });
}

/** Returns the first delivery of a rhythm behind an instant. */
export function nextDelivery(delivery: Date, everyDays: number, now: Date): Date {
  const period = everyDays * DAY_MS;
  const past = Math.floor((now.getTime() - delivery.getTime()) / period) + 1;
  return new Date(delivery.getTime() + Math.max(0, past) * period);
}

/**
 * Returns the quantity of a modelled stock after a delivery of its rhythm, where bookings changed it: less than the level is filled up, and
 * more is used up at the average consumption, until the level is reached; whole ones of a unit that is countable.
 */
export function levelAfterDelivery(
  quantity: Thousandths,
  level: Thousandths,
  usedBetween: Thousandths,
  unit: Unit,
): Thousandths {
  const left = availableOf(unit, quantityOf(quantity - usedBetween));
  return Math.max(level, thousandths(left));
}

/** Rounded up where a duty is kept, and down where it is not, so that no rounding changes that. Of less than half a piece there is none. */
function quantityFor(
  perDay: number,
  { days, shortBelowDays, isWhole }: Pick<ModelledItem, 'days' | 'shortBelowDays' | 'isWhole'>,
  share: number,
): number {
  const quantity = (lasting: number, round: (value: number) => number) =>
    isWhole ? round(perDay * lasting) : thousandths(perDay * lasting) / 1000;
  if (shortBelowDays === null) return quantity(days * between(WITHOUT_DUTY, share), Math.round);
  if (share < SHARE_BELOW_DUTY) {
    return quantity(shortBelowDays * between(BELOW_DUTY, share / SHARE_BELOW_DUTY), Math.floor);
  }
  const kept = (share - SHARE_BELOW_DUTY) / (1 - SHARE_BELOW_DUTY);
  return quantity(days * between(WITH_DUTY, kept), Math.ceil);
}

function between([from, to]: readonly [number, number], share: number): number {
  return from + (to - from) * share;
}

/** Returns a number from 0 to below 1 that belongs to a pair of ids, in this order: their digits, mixed by the multiplier of Knuth. */
function shareOf(first: string, second: string): number {
  const mixed = [first, second].reduce((mix, id) => {
    const digits = Number.parseInt(id.replaceAll('-', '').slice(0, 8), 16);
    const next = Math.imul(mix ^ digits, 2_654_435_761);
    return next ^ (next >>> 15);
  }, 1);
  return (mixed >>> 0) / 0x100000000;
}
