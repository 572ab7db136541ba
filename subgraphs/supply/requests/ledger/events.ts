import { isInAreas } from '../../../../shared/identity/rules.js';
import { tagFilter, tagOf, tagValues } from '../../../../shared/outbox/index.js';
import type { SupplyAct } from '../../generated/graphql.js';
import { seesWhole, type RequestVisibility } from '../access/rules.js';

/** Topics of the changes of a request. Their events name the request as their entity; `tagsOf` returns their tags. */
export type RequestTopic =
  | 'supply.request-made'
  | 'supply.request-offered'
  | 'supply.request-acknowledged'
  | 'supply.request-seen'
  | 'supply.request-escalated'
  | 'supply.request-committed'
  | 'supply.request-withdrawn'
  | 'supply.request-dispatched'
  | 'supply.request-received'
  | 'supply.request-lost'
  | 'supply.request-rejected'
  | 'supply.request-sent-back'
  | 'supply.request-return-received'
  | 'supply.request-cancelled';

/** The topic of each step of a request. */
export const REQUEST_TOPICS: Readonly<Record<SupplyAct, RequestTopic>> = {
  REQUEST: 'supply.request-made',
  ACKNOWLEDGE: 'supply.request-acknowledged',
  SEE: 'supply.request-seen',
  ESCALATE: 'supply.request-escalated',
  COMMIT: 'supply.request-committed',
  WITHDRAW: 'supply.request-withdrawn',
  DISPATCH: 'supply.request-dispatched',
  RECEIVE: 'supply.request-received',
  LOSE: 'supply.request-lost',
  REJECT: 'supply.request-rejected',
  SEND_BACK: 'supply.request-sent-back',
  RECEIVE_RETURN: 'supply.request-return-received',
  CANCEL: 'supply.request-cancelled',
};

const OPEN_LINE = tagOf('line', 'OPEN');

interface RequestEvent {
  topic: string;
  area: string;
  tags: string[];
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
 * Returns which events a caller receives. A subscriber who names a facility receives only those that they see whole: otherwise
 * naming one would disclose to a supplier which facility requests something.
 */
export function eventsFor(
  visibility: RequestVisibility,
  { area, facility }: { area?: string | null | undefined; facility?: string | null | undefined },
): (event: RequestEvent) => boolean {
  const concernsFacility = tagFilter('facility', facility);
  return (event) => {
    if (!event.topic.startsWith('supply.request-') || !event.area.startsWith(area ?? ''))
      return false;
    if (isWhole(visibility, event)) return concernsFacility(event);
    return facility == null && isForSupplier(visibility, event);
  };
}

function isWhole(visibility: RequestVisibility, event: RequestEvent): boolean {
  const [facilityId = ''] = tagValues(event, 'facility');
  return seesWhole(visibility, { facilityId, area: event.area });
}

function isForSupplier(
  { suppliers, supplierAreas }: RequestVisibility,
  { area, tags }: RequestEvent,
) {
  return (
    suppliers.some((one) => tags.includes(tagOf('supplier', one))) ||
    (tags.includes(OPEN_LINE) && isInAreas(supplierAreas, area))
  );
}
