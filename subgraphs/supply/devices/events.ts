import { tagFilter, tagOf } from '../../../shared/outbox/index.js';
import type { DeviceFaultAct } from '../generated/graphql.js';
import { type FaultVisibility, sees } from './visibility.js';
import type { FaultRow } from './rows.js';

/** Topics of the changes of a fault, by the step that is published. Their events name the fault as their entity. */
const FAULT_TOPICS = {
  REPORT: 'supply.device-fault-reported',
  ACKNOWLEDGE: 'supply.device-fault-acknowledged',
  ESCALATE: 'supply.device-fault-escalated',
  DISPATCH_TECHNICIAN: 'supply.device-fault-technician-dispatched',
  PROPOSE_CLOSING: 'supply.device-fault-closing-proposed',
  CLOSE: 'supply.device-fault-closed',
} as const satisfies Readonly<Record<DeviceFaultAct, string>>;

interface FaultEvent {
  topic: string;
  area: string;
  tags: string[];
}

/** Returns the event of a step of a fault. */
export function eventOf(
  { id, area, facilityId, servicePartnerId }: FaultRow,
  act: DeviceFaultAct,
  at: Date,
) {
  const tags = [
    tagOf('facility', facilityId),
    ...(servicePartnerId === null ? [] : [tagOf('partner', servicePartnerId)]),
  ];
  return { topic: FAULT_TOPICS[act], entity: id, area, at, tags };
}

/** Returns which events a caller receives: those of the faults that they see. */
export function eventsFor(
  visibility: FaultVisibility,
  { area, facility }: { area?: string | null | undefined; facility?: string | null | undefined },
): (event: FaultEvent) => boolean {
  const concernsFacility = tagFilter('facility', facility);
  return (event) =>
    event.topic.startsWith('supply.device-fault-') &&
    event.area.startsWith(area ?? '') &&
    concernsFacility(event) &&
    sees(visibility, {
      area: event.area,
      facilityId: valueOf(event, 'facility') ?? '',
      servicePartnerId: valueOf(event, 'partner') ?? null,
    });
}

function valueOf({ tags }: FaultEvent, key: string): string | undefined {
  const prefix = tagOf(key, '');
  return tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
}
