import { tagFilter, tagOf, tagValues } from '../../../../shared/outbox/index.js';
import { seesWhole, type Viewer } from '../access/rules.js';

/** An event of a request: the topic is `supply.request-` and this word. */
export type RequestFact =
  | 'made'
  | 'offered'
  | 'acknowledged'
  | 'seen'
  | 'escalated'
  | 'committed'
  | 'withdrawn'
  | 'dispatched'
  | 'received'
  | 'lost'
  | 'rejected'
  | 'sent-back'
  | 'return-received'
  | 'cancelled';

const PREFIX = 'supply.request-';
const OPEN_LINE = tagOf('line', 'OPEN');

interface RequestEvent {
  topic: string;
  area: string;
  tags: string[];
}

export function topicOf(fact: RequestFact): string {
  return PREFIX + fact;
}

/** Returns the tags of an event: the facility, and the suppliers that may learn of it; `addressees` is one list for each line. */
export function tagsOf(
  facility: string,
  addressees: readonly (readonly string[])[],
  holders: readonly string[],
): string[] {
  const suppliers = new Set([...addressees.flat(), ...holders]);
  const isOpen = addressees.some((list) => list.length === 0);
  return [
    tagOf('facility', facility),
    ...[...suppliers].map((one) => tagOf('supplier', one)),
    ...(isOpen ? [OPEN_LINE] : []),
  ];
}

/**
 * Returns which events a viewer receives. A subscriber who names a facility receives only those that they see whole: otherwise
 * naming one would disclose to a supplier which facility requests something.
 */
export function eventsFor(
  viewer: Viewer,
  { area, facility }: { area?: string | null | undefined; facility?: string | null | undefined },
): (event: RequestEvent) => boolean {
  const concernsFacility = tagFilter('facility', facility);
  return (event) => {
    if (!event.topic.startsWith(PREFIX) || !event.area.startsWith(area ?? '')) return false;
    if (isWhole(viewer, event)) return concernsFacility(event);
    return facility == null && isForSupplier(viewer, event);
  };
}

function isWhole(viewer: Viewer, event: RequestEvent): boolean {
  const [facilityId = ''] = tagValues(event, 'facility');
  return seesWhole(viewer, { facilityId, area: event.area });
}

function isForSupplier({ suppliers, supplierAreas }: Viewer, { area, tags }: RequestEvent) {
  return (
    suppliers.some((one) => tags.includes(tagOf('supplier', one))) ||
    (tags.includes(OPEN_LINE) && supplierAreas.some((one) => area.startsWith(one)))
  );
}
