import { pageOf, type PageSlice } from '../../../shared/lists/index.js';
import { facilityCursors, type ListOrder, type ListPosition } from '../facilities/index.js';
import type { JudgedFacility } from './store.js';

/** A part of a list of judged facilities. */
export interface JudgedFacilityPage extends PageSlice<JudgedFacility> {
  totalCount: number;
}

/** The usable facilities of one page, and all that are left out. */
export interface SearchResult {
  usable: JudgedFacilityPage;
  leftOut: JudgedFacility[];
  order: ListOrder;
}

/**
 * The part of a list behind a cursor. The list is made again for every page, and who is in it may have changed meanwhile;
 * but no facility changes its position, so no page repeats what another had.
 */
export function judgedPageOf(
  list: readonly JudgedFacility[],
  page: { order: ListOrder; first: number; after: string | null | undefined },
): JudgedFacilityPage {
  const { order, first, after } = page;
  const cursor = facilityCursors[order];
  const start = cursor.read(after);
  const behind = start ? list.filter(({ facility }) => isBehind(facility, start)) : list;
  return {
    ...pageOf(behind, first, {
      cursorOf: ({ facility: { value, id } }) => cursor.write({ value, id }),
      nodeOf: (judged) => judged,
      hasPreviousPage: start !== undefined,
    }),
    totalCount: list.length,
  };
}

function isBehind({ value, id }: JudgedFacility['facility'], start: ListPosition): boolean {
  return value > start.value || (value === start.value && id > start.id);
}
