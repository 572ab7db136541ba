import { cursorOf, placeOf, type PlaceInList } from '../facilities/page.js';
import type { JudgedHouse } from './store.js';

/** A part of a list of judged houses. */
export interface HousePage {
  edges: { cursor: string; node: JudgedHouse }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: number;
}

/** The usable houses of one page, and all that are left out. */
export interface PlaceLists {
  usable: HousePage;
  leftOut: JudgedHouse[];
  order: PlaceInList['order'];
}

/**
 * The part of a list behind a cursor. The list is made anew for every page, and who is in it may have changed meanwhile;
 * but no house changes its place, so no page repeats what another had.
 */
export function pageOf(
  list: readonly JudgedHouse[],
  asked: { order: PlaceInList['order']; first: number; after: string | null | undefined },
): HousePage {
  const { order, first, after } = asked;
  const start = after == null ? undefined : placeOf(after, order);
  const behind = start ? list.filter(({ house }) => isBehind(house, start)) : list;
  return {
    edges: behind.slice(0, first).map((node) => {
      const { value, id } = node.house;
      return { cursor: cursorOf({ order, value, id }), node };
    }),
    hasNextPage: behind.length > first,
    hasPreviousPage: start !== undefined,
    totalCount: list.length,
  };
}

export function pageInfoOf({ edges, hasNextPage, hasPreviousPage }: HousePage) {
  return {
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
    hasNextPage,
    hasPreviousPage,
  };
}

function isBehind({ value, id }: JudgedHouse['house'], start: PlaceInList): boolean {
  return value > start.value || (value === start.value && id > start.id);
}
