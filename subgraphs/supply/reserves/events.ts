import { type OutboxEvent, tagOf, tagValues } from '../../../shared/outbox/index.js';
import { seesStocksOf, type StockVisibility } from '../stocks/index.js';

/** Topics of the changes of a reserve. Their events name the reserve as their entity and are tagged with `organisation`. */
export type ReserveTopic =
  'supply.reserve-registered' | 'supply.reserve-released' | 'supply.reserve-replenished';

/** Returns the event of a reserve, with the organisation that keeps it as a tag. */
export function reserveEvent(
  topic: ReserveTopic,
  { id, area, organisationId }: { id: string; area: string; organisationId: string },
) {
  const tags = [tagOf('organisation', organisationId)];
  return { topic, entity: id, area, tags };
}

/** Returns which events of reserves in an area a caller receives: those of reserves that they see. */
export function reserveEventsFor(
  visibility: StockVisibility,
  area: string | null | undefined,
): (event: OutboxEvent) => boolean {
  return (event) => {
    if (!event.topic.startsWith('supply.reserve-') || !event.area.startsWith(area ?? ''))
      return false;
    const [organisation = ''] = tagValues(event, 'organisation');
    return seesStocksOf(visibility, { holder: { organisation }, area: event.area });
  };
}
