import { asHeavyRead } from '../../../shared/database/work.js';
import { callersFault } from '../../../shared/errors/callers-fault.js';
import { isInstant } from '../../../shared/lists/instants.js';

/**
 * Where an entry stands in a list: by its time, then by its number (`seq`). A cursor names the id instead of the number, which
 * would tell how many others there are.
 */
export interface PlaceInList {
  at: Date;
  id: string;
}

export interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Read when it is asked for. */
  totalCount: () => Promise<number>;
}

const USUAL_PAGE = 50;
const LONGEST_PAGE = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** SQL: the number of the row of a table with this id, by which rows of one instant are ordered. */
export function seqOf(table: string, id: string): string {
  return `(SELECT seq FROM ${table} WHERE id = ${id}::uuid)`;
}

/** The length of a page that was asked for. Throws TOO_MUCH or BAD_USER_INPUT. */
export function lengthOf(first: number | null | undefined): number {
  const length = first ?? USUAL_PAGE;
  if (length >= 1 && length <= LONGEST_PAGE) return length;
  throw callersFault(
    length < 1 ? 'BAD_USER_INPUT' : 'TOO_MUCH',
    `first is the length of the page, 1 to ${LONGEST_PAGE}; ${length} came.`,
  );
}

/** Throws BAD_USER_INPUT for what is no cursor of a list. */
export function placeOf(cursor: string | null | undefined): PlaceInList | undefined {
  if (cursor == null) return undefined;
  const place = parse(cursor);
  if (place) return place;
  throw callersFault(
    'BAD_USER_INPUT',
    'after is no cursor of this list. Give `endCursor` of the page before, with the same filter, or leave it out for the first page.',
  );
}

/** A page from rows in order, read with one more than its length, so that it is known whether others follow. */
export function pageOf(
  rows: readonly PlaceInList[],
  length: number,
  start: PlaceInList | undefined,
  totalCount: () => Promise<number>,
): Page<{ id: string }> {
  return {
    edges: rows
      .slice(0, length)
      .map(({ at, id }) => ({ cursor: cursorOf({ at, id }), node: { id } })),
    hasNextPage: rows.length > length,
    hasPreviousPage: start !== undefined,
    totalCount,
  };
}

/** How every connection answers for its fields. */
export const ofConnection = {
  nodes: <Node>({ edges }: Page<Node>) => edges.map(({ node }) => node),
  pageInfo: ({ edges, hasNextPage, hasPreviousPage }: Page<unknown>) => ({
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
    hasNextPage,
    hasPreviousPage,
  }),
  totalCount: (page: Page<unknown>) => asHeavyRead(() => page.totalCount()),
};

function cursorOf({ at, id }: PlaceInList): string {
  return Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');
}

function parse(cursor: string): PlaceInList | undefined {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (!isInstant(at) || !Number.isInteger(at) || typeof id !== 'string' || !UUID.test(id))
      return undefined;
    return { at: new Date(at), id };
  } catch {
    return undefined;
  }
}
