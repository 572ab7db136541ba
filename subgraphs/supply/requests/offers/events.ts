import { isInAreas } from '../../../../shared/identity/rules.js';
import { type OutboxEvent, tagFilter, tagOf } from '../../../../shared/outbox/index.js';
import type { HolderColumns, RequestVisibility } from '../access/rules.js';

/** Topics of the changes of an offer. Their events name the offer as their entity and are tagged with `supplier`, its holder. */
export type OfferTopic = 'supply.offer-made' | 'supply.offer-withdrawn' | 'supply.offer-drawn';

/** Returns the part that all events of an offer have in common. */
export function offerEvent({
  id,
  area,
  organisationId,
  facilityId,
}: HolderColumns & { id: string; area: string }) {
  return { entity: id, area, tags: [tagOf('supplier', (organisationId ?? facilityId)!)] };
}

/** Returns which events of offers in an area a caller receives: those of their holders, and those in their areas. */
export function offerEventsFor(
  { areas, suppliers }: RequestVisibility,
  area: string | null | undefined,
): (event: Pick<OutboxEvent, 'topic' | 'area' | 'tags'>) => boolean {
  const isOwn = suppliers.map((one) => tagFilter('supplier', one));
  return (event) =>
    event.topic.startsWith('supply.offer-') &&
    event.area.startsWith(area ?? '') &&
    (isInAreas(areas, event.area) || isOwn.some((matches) => matches(event)));
}
