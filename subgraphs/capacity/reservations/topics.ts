import type { NewEvent } from '../../../shared/outbox/publish.js';
import type { FacilityTopic } from '../changes/topics.js';

/** What happens to a reservation. Events of these topics name it as their entity. */
export type ReservationTopic =
  | 'capacity.reservation-made'
  | 'capacity.reservation-confirmed'
  | 'capacity.reservation-redeemed'
  | 'capacity.reservation-released'
  | 'capacity.reservation-lapsed';

const PREFIX = 'capacity.reservation-';

export function isOfReservation({ topic }: { topic: string }): boolean {
  return topic.startsWith(PREFIX);
}

/** Places that changed hands. */
export interface ChangedItem {
  reservation: string;
  facility: string;
  /** AGS of the facility's Kreis. */
  area: string;
  category: string | null;
  intake: string | null;
  /** The category whose beds it takes, where that is another one. */
  countedAs?: string | undefined;
}

/**
 * One event for each reservation, tagged with the facilities concerned and the areas they lie in, and, where the change
 * shows in numbers, one for each facility, tagged with the categories concerned.
 */
export function eventsOf(
  topic: ReservationTopic,
  numbers: Extract<FacilityTopic, 'capacity.beds-claimed' | 'capacity.beds-freed'> | undefined,
  items: readonly ChangedItem[],
  at: Date,
): NewEvent[] {
  const reservations = grouped(items, ({ reservation }) => reservation).map(
    ([entity, changed]) => ({
      topic,
      entity,
      area: commonArea(changed.map(({ area }) => area)),
      tags: distinct(changed.flatMap(({ facility, area }) => [facility, area])),
      at,
    }),
  );
  return numbers === undefined ? reservations : [...reservations, ...freedOf(numbers, items, at)];
}

/** One event for each facility whose numbers changed. */
export function freedOf(topic: FacilityTopic, items: readonly ChangedItem[], at: Date): NewEvent[] {
  return grouped(items, ({ facility }) => facility).map(([entity, changed]) => ({
    topic,
    entity,
    area: changed[0]!.area,
    tags: distinct(
      changed.flatMap(({ category, intake, countedAs }) => [
        category ?? intake!,
        ...(countedAs ? [countedAs] : []),
      ]),
    ),
    at,
  }));
}

/** Whether an event concerns a place in the facility and in the area, where they are named. */
export function concerns(
  { tags }: { tags: readonly string[] },
  { facility, area }: { facility?: string | null | undefined; area?: string | null | undefined },
): boolean {
  if (facility != null && !tags.includes(facility)) return false;
  return !area || tags.some((tag) => tag.startsWith(area) && tag.length <= AREA_DIGITS);
}

/** Facilities and areas stand side by side in the tags; an id is much longer than the AGS of a Kreis. */
const AREA_DIGITS = 5;

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
