import { type OutboxEvent, tagFilter, tagValues } from '../../../shared/outbox/index.js';
import { seesStocksOf, type StockVisibility } from './visibility.js';

/** Topics of the changes of a stock. Their events name the stock as their entity and are tagged with its holder and its item. */
type StockTopic =
  /** A stock was booked, its batch recalled, or some of it expired or will before it is used. */
  | 'supply.stock-changed'
  /** It lasts shorter than its duty requires, and did not before. */
  | 'supply.stock-fell-below-duty';

/** Returns whether an event is a change of a stock that the caller sees. */
export function isVisibleChange(visibility: StockVisibility, event: OutboxEvent): boolean {
  if (event.topic !== ('supply.stock-changed' satisfies StockTopic)) return false;
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
