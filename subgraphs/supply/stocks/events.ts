import {
  type NewEvent,
  type OutboxEvent,
  tagFilter,
  tagOf,
  tagValues,
} from '../../../shared/outbox/index.js';
import { seesStocksOf, type StockVisibility } from './access.js';
import { daysOfCover, type StockState } from './rules.js';

/** A stock was booked, or its batch recalled. */
export const STOCK_CHANGED = 'supply.stock-changed';
/** It lasts shorter than its duty requires, and did not before. */
const FELL_BELOW_DUTY = 'supply.stock-fell-below-duty';

/** A stock before bookings and after them. */
interface BookedStock {
  before: StockState;
  after: StockState;
}

/** One event for each stock, and another one for each that fell below its duty. */
export function eventsOf(booked: readonly BookedStock[], at: Date): NewEvent[] {
  return booked.flatMap(({ before, after }) => {
    const event = { entity: after.id, area: after.area, tags: tagsOf(after), at };
    const fell = isBelowDuty(after) && !isBelowDuty(before);
    return [
      { ...event, topic: STOCK_CHANGED },
      ...(fell ? [{ ...event, topic: FELL_BELOW_DUTY }] : []),
    ];
  });
}

export function tagsOf({ holder, item }: Pick<StockState, 'holder' | 'item'>): string[] {
  const of =
    'facility' in holder
      ? tagOf('facility', holder.facility)
      : tagOf('organisation', holder.organisation);
  return [of, tagOf('item', item)];
}

/** Returns whether an event is a change of a stock that the caller sees. */
export function isVisibleChange(visibility: StockVisibility, event: OutboxEvent): boolean {
  if (event.topic !== STOCK_CHANGED) return false;
  const [facility] = tagValues(event, 'facility');
  const [organisation = ''] = tagValues(event, 'organisation');
  const holder = facility === undefined ? { organisation } : { facility };
  return seesStocksOf(visibility, { holder, area: event.area });
}

/** Returns which changes of stocks a subscriber means. */
export function changesOf({
  area,
  facility,
  item,
}: {
  area?: string | null | undefined;
  facility?: string | null | undefined;
  item?: string | null | undefined;
}): (event: OutboxEvent) => boolean {
  const [ofFacility, ofItem] = [tagFilter('facility', facility), tagFilter('item', item)];
  return (event) => event.area.startsWith(area ?? '') && ofFacility(event) && ofItem(event);
}

/** A model notifies nobody: what is below its duty by a modelled number is shown, and no event. */
function isBelowDuty(stock: StockState): boolean {
  const { quantity, averageConsumption, requiredDays } = stock;
  if (stock.modelled || stock.consumptionModelled) return false;
  const days = daysOfCover(quantity, averageConsumption);
  return days !== null && requiredDays !== null && days < requiredDays;
}
