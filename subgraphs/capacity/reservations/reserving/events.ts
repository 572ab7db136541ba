import { tagOf, tagValues, type NewEvent } from '../../../../shared/outbox/index.js';
import {
  seesReservedSlot,
  type CasualtyVisibility,
  type ReservedSlot,
} from '../../access/index.js';

/** Topics of the changes of a reservation. Their events name it as their entity. */
export type ReservationTopic =
  | 'capacity.reservation-made'
  | 'capacity.reservation-confirmed'
  | 'capacity.reservation-redeemed'
  | 'capacity.reservation-released'
  | 'capacity.reservation-lapsed';

/** Topics of slots that are claimed or become free. Their events name the facility as their entity and are tagged with `category`. */
export type ClaimTopic = 'capacity.beds-claimed' | 'capacity.beds-freed';

const PREFIX = 'capacity.reservation-';

export function isOfReservation({ topic }: { topic: string }): boolean {
  return topic.startsWith(PREFIX);
}

/** Slots that changed hands. */
export interface ChangedItem extends ReservedSlot {
  reservation: string;
  category: string | null;
  intake: string | null;
  /** The category whose beds it takes, where that is another one. */
  countedAs?: string | undefined;
}

/**
 * Tags of a reservation's event that say who sees it: `slot:<AGS>:<facility>` for each slot concerned, and where they exist the
 * origin and the approval. Earlier releases wrote `<AGS>:<facility>` and `approved-by-spoc`, which events have for 7 days more.
 */
const APPROVED_BY_SPOC = [tagOf('approved-by', 'spoc'), 'approved-by-spoc'] as const;
const AREA_AND_FACILITY = /^(?:slot:)?(\d{5}):(.+)$/;

/**
 * One event for each reservation, tagged with the slots concerned and who sees them, and, where the change shows in
 * numbers, one for each facility, tagged with the categories concerned.
 */
export function eventsOf(
  topic: ReservationTopic,
  numbers: ClaimTopic | undefined,
  items: readonly ChangedItem[],
  at: Date,
): NewEvent[] {
  const reservations = grouped(items, ({ reservation }) => reservation).map(
    ([entity, changed]) => ({
      topic,
      entity,
      area: commonArea(changed.map(({ area }) => area)),
      tags: distinct(changed.flatMap(tagsOf)),
      at,
    }),
  );
  return numbers === undefined ? reservations : [...reservations, ...freedOf(numbers, items, at)];
}

/** One event for each facility whose numbers changed, tagged with the categories of beds; slots of an intake have no tag. */
export function freedOf(topic: ClaimTopic, items: readonly ChangedItem[], at: Date): NewEvent[] {
  return grouped(items, ({ facility }) => facility).map(([entity, changed]) => ({
    topic,
    entity,
    area: changed[0]!.area,
    tags: distinct(
      changed.flatMap(({ category, countedAs }) =>
        [category, countedAs].flatMap((each) => (each == null ? [] : tagOf('category', each))),
      ),
    ),
    at,
  }));
}

/** Whether an event concerns a slot that the caller sees, in the facility and in the area where they are named. */
export function concerns(
  { tags }: { tags: readonly string[] },
  { facility, area }: { facility?: string | null | undefined; area?: string | null | undefined },
  visibility: Omit<CasualtyVisibility, 'actor' | 'everyIntake'>,
): boolean {
  return slotsOf(tags).some(
    (slot) =>
      (facility == null || slot.facility === facility) &&
      slot.area.startsWith(area ?? '') &&
      seesReservedSlot(visibility, slot),
  );
}

function tagsOf({ facility, area, origin, approvedBySpoc }: ReservedSlot): string[] {
  return [
    tagOf('slot', `${area}:${facility}`),
    ...(origin === null ? [] : [tagOf('origin', origin)]),
    ...(approvedBySpoc ? [APPROVED_BY_SPOC[0]] : []),
  ];
}

const known = new WeakMap<readonly string[], ReservedSlot[]>();

/** The slots that an event names; read once for all who watch, because one event may name those of thousands. */
function slotsOf(tags: readonly string[]): ReservedSlot[] {
  const slots = known.get(tags) ?? readSlots(tags);
  known.set(tags, slots);
  return slots;
}

function readSlots(tags: readonly string[]): ReservedSlot[] {
  const [origin = null] = tagValues({ tags }, 'origin');
  const approvedBySpoc = APPROVED_BY_SPOC.some((tag) => tags.includes(tag));
  return tags.flatMap((tag) => {
    const [, area, facility] = AREA_AND_FACILITY.exec(tag) ?? [];
    return area && facility ? [{ area, facility, origin, approvedBySpoc }] : [];
  });
}

function commonArea(areas: readonly string[]): string {
  const [first = '', ...rest] = areas;
  const lengths = [5, 3, 2, 0];
  const length = lengths.find((digits) =>
    rest.every((area) => area.startsWith(first.slice(0, digits))),
  );
  return first.slice(0, length);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups];
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
