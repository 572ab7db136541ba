import { cursorOf, positionOf, type ListPosition } from '../facilities/page.js';
import type { JudgedFacility } from './store.js';

/** A part of a list of judged facilities. */
export interface JudgedFacilityPage {
  edges: { cursor: string; node: JudgedFacility }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: number;
}

/** The usable facilities of one page, and all that are left out. */
export interface SearchResult {
  usable: JudgedFacilityPage;
  leftOut: JudgedFacility[];
  order: ListPosition['order'];
}

/**
 * The part of a list behind a cursor. The list is made again for every page, and who is in it may have changed meanwhile;
 * but no facility changes its position, so no page repeats what another had.
 */
export function pageOf(
  list: readonly JudgedFacility[],
  page: { order: ListPosition['order']; first: number; after: string | null | undefined },
): JudgedFacilityPage {
  const { order, first, after } = page;
  const start = after == null ? undefined : positionOf(after, order);
  const behind = start ? list.filter(({ facility }) => isBehind(facility, start)) : list;
  return {
    edges: behind.slice(0, first).map((node) => {
      const { value, id } = node.facility;
      return { cursor: cursorOf({ order, value, id }), node };
    }),
    hasNextPage: behind.length > first,
    hasPreviousPage: start !== undefined,
    totalCount: list.length,
  };
}

export function pageInfoOf({ edges, hasNextPage, hasPreviousPage }: JudgedFacilityPage) {
  return {
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
    hasNextPage,
    hasPreviousPage,
  };
}

function isBehind({ value, id }: JudgedFacility['facility'], start: ListPosition): boolean {
  return value > start.value || (value === start.value && id > start.id);
}
