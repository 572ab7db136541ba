import type { Caller } from '../../../../shared/identity/index.js';
import type { OutboxEvent } from '../../../../shared/outbox/index.js';
import { facilityTag, limitToLedAreas, isId, seesArea } from '../../access/index.js';

/** Which plans a caller may know of: the first three parameters of every statement that reads them. */
export interface PlanViewer {
  /** Where he leads: he sees every plan for patients there. */
  areas: readonly string[];
  /** His houses: every plan for their patients, and of other plans what they are sent, once that is confirmed. */
  facilities: readonly string[];
  /** Where he is told what is sent there, once it is confirmed. */
  destinationAreas: readonly string[];
}

const DESTINATION_ROLES: ReadonlySet<string> = new Set(['dispatch', 'crisis-staff']);

export function planViewerOf(caller: Caller): PlanViewer {
  const { scopes, roles, areas, facilities } = caller.claims;
  if (!scopes.includes('allocations:read'))
    return { areas: [], facilities: [], destinationAreas: [] };
  return {
    areas: limitToLedAreas(caller).claims.areas,
    facilities: facilities.filter(isId),
    destinationAreas: roles.some((role) => DESTINATION_ROLES.has(role)) ? areas : [],
  };
}

export function planValuesOf({ areas, facilities, destinationAreas }: PlanViewer) {
  return [areas, facilities, destinationAreas] as const;
}

/** The tag of an event that says that patients are sent to a Kreis. */
export function sentTag(area: string): string {
  return `area:${area}`;
}

/**
 * Whether the caller may know of the plan that an event is about: the same as SQL says of its row. Where patients are sent to
 * stands in the tags from the confirmation on.
 */
export function seesPlan(
  { areas, facilities, destinationAreas }: PlanViewer,
  { area, tags }: Pick<OutboxEvent, 'area' | 'tags'>,
): boolean {
  return (
    seesArea({ areas, facilities }, area) ||
    facilities.some((facility) => tags.includes(facilityTag(facility))) ||
    destinationAreas.some((each) => isSentTo({ tags }, each))
  );
}

/**
 * Whether an event tells the caller of patients who are in an area or are sent there. For those who see only their part of the
 * plan, where that part is sent; where else others are sent to is not for them to know.
 */
export function concernsArea(
  viewer: PlanViewer,
  { area: from, tags }: Pick<OutboxEvent, 'area' | 'tags'>,
  requested: string,
): boolean {
  if (from.startsWith(requested)) return true;
  if (leadsPlan(viewer, { area: from, tags })) return isSentTo({ tags }, requested);
  return tags.map(destinationOf).some((to) => {
    if (!to?.area.startsWith(requested)) return false;
    return (
      viewer.facilities.includes(to.facility) ||
      seesArea({ ...viewer, areas: viewer.destinationAreas }, to.area)
    );
  });
}

/** Whether all of the plan is the caller's to see. No plan sends patients to the house they are in. */
function leadsPlan(
  { areas, facilities }: PlanViewer,
  { area, tags }: Pick<OutboxEvent, 'area' | 'tags'>,
): boolean {
  if (seesArea({ areas, facilities }, area)) return true;
  const destinations = new Set(tags.map((tag) => destinationOf(tag)?.facility));
  return facilities.some((id) => tags.includes(facilityTag(id)) && !destinations.has(id));
}

/** The house, and the Kreis it lies in, of a tag that says that patients are sent there. */
function destinationOf(tag: string): { area: string; facility: string } | undefined {
  const [, area, facility] = /^sent:(\d+):(.+)$/.exec(tag) ?? [];
  return area === undefined || facility === undefined ? undefined : { area, facility };
}

/** Whether an event says that patients are sent to an area. */
export function isSentTo({ tags }: Pick<OutboxEvent, 'tags'>, area: string): boolean {
  return tags.some((tag) => tag.startsWith(sentTag(area)));
}
