import { type OutboxEvent, tagOf, tagValues } from '../../../shared/outbox/index.js';
import { seesStocksOf, type StockVisibility } from '../stocks/index.js';

/** A fact of a reserve: the topic is `supply.reserve-` and this word. */
export type ReserveFact = 'registered' | 'released' | 'replenished';

const PREFIX = 'supply.reserve-';

/** Returns the event of a reserve, with the organisation that keeps it as a tag. */
export function reserveEvent(
  fact: ReserveFact,
  { id, area, organisationId }: { id: string; area: string; organisationId: string },
) {
  const tags = [tagOf('organisation', organisationId)];
  return { topic: PREFIX + fact, entity: id, area, tags };
}

/** Returns which events of reserves in an area a caller receives: those of reserves that they see. */
export function reserveEventsFor(
  visibility: StockVisibility,
  area: string | null | undefined,
): (event: OutboxEvent) => boolean {
  return (event) => {
    if (!event.topic.startsWith(PREFIX) || !event.area.startsWith(area ?? '')) return false;
    const [organisation = ''] = tagValues(event, 'organisation');
    return seesStocksOf(visibility, { holder: { organisation }, area: event.area });
  };
}
