import { type Caller, reachOf } from '../../../../shared/identity/index.js';
import { type OutboxEvent, type TaggedEvent, tagValues } from '../../../../shared/outbox/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import { facilityTag, limitToLedAreas, seesArea } from '../../access/index.js';

/** The plans that a caller may know of, as the first three parameters of every statement that reads plans. */
export interface PlanVisibility {
  /** Areas that the caller leads: they see every plan for patients there. */
  areas: readonly string[];
  /** The caller's facilities: every plan for their patients, and from the confirmation on what other plans send to them. */
  facilities: readonly string[];
  /** Areas of which the caller sees the patients that plans send there, from the confirmation on. */
  destinationAreas: readonly string[];
}

export function planVisibilityOf(caller: Caller): PlanVisibility {
  // A role that steers patients from an area also receives those whom plans of other areas send there.
  const { areas, facilities } = reachOf(limitToLedAreas(caller), { scope: 'allocations:read' });
  return { areas, facilities: facilities.filter(isUuid), destinationAreas: areas };
}

export function planVisibilityValues({ areas, facilities, destinationAreas }: PlanVisibility) {
  return [areas, facilities, destinationAreas] as const;
}

/**
 * Whether the caller may know of the plan that an event is about, by the rule that SQL applies to its row. From the
 * confirmation on, the tags name the areas and facilities to which patients are sent.
 */
export function seesPlan(
  { areas, facilities, destinationAreas }: PlanVisibility,
  { area, tags }: Pick<OutboxEvent, 'area' | 'tags'>,
): boolean {
  return (
    seesArea({ areas, facilities }, area) ||
    facilities.some((facility) => tags.includes(facilityTag(facility))) ||
    destinationAreas.some((each) => isSentTo({ tags }, each))
  );
}

/**
 * Whether an event is about patients who are in the requested area or are sent there. For a caller who sees only a part of the
 * plan, the destinations of that part count alone, because the others would reveal where the rest is sent.
 */
export function concernsArea(
  visibility: PlanVisibility,
  { area: from, tags }: Pick<OutboxEvent, 'area' | 'tags'>,
  requested: string,
): boolean {
  if (from.startsWith(requested)) return true;
  if (leadsPlan(visibility, { area: from, tags })) return isSentTo({ tags }, requested);
  return destinationsOf({ tags }).some((to) => {
    if (!to.area.startsWith(requested)) return false;
    return (
      visibility.facilities.includes(to.facility) ||
      seesArea({ ...visibility, areas: visibility.destinationAreas }, to.area)
    );
  });
}

/** Whether the caller sees the whole plan. No plan sends patients to the facility they are in. */
function leadsPlan(
  { areas, facilities }: PlanVisibility,
  { area, tags }: Pick<OutboxEvent, 'area' | 'tags'>,
): boolean {
  if (seesArea({ areas, facilities }, area)) return true;
  const destinations = new Set(destinationsOf({ tags }).map(({ facility }) => facility));
  return facilities.some((id) => tags.includes(facilityTag(id)) && !destinations.has(id));
}

/** Returns the facilities, with their Kreise, to which an event says that patients are sent. */
function destinationsOf(event: TaggedEvent): { area: string; facility: string }[] {
  return tagValues(event, 'sent').map((destination) => {
    const [area = '', facility = ''] = destination.split(':');
    return { area, facility };
  });
}

/** Whether an event says that patients are sent to an area. */
export function isSentTo(event: TaggedEvent, area: string): boolean {
  return tagValues(event, 'area').some((code) => code.startsWith(area));
}
