import { asHeavyRead } from '../database/index.js';

/** A part of a list, in order, with a cursor for each entry. */
export interface PageSlice<Node> {
  edges: { cursor: string; node: Node }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

/** A part of a list whose entries are counted when a client requests the count. */
export interface Page<Node> extends PageSlice<Node> {
  totalCount: () => Promise<number>;
}

interface PageContent<Row, Node> {
  cursorOf(row: Row): string;
  nodeOf(row: Row): Node;
  /** Whether the page begins behind another. */
  hasPreviousPage: boolean;
}

/** Makes a page of rows in order, read with one more than its length, so that it is known whether others follow. */
export function pageOf<Row, Node>(
  rows: readonly Row[],
  length: number,
  { cursorOf, nodeOf, hasPreviousPage }: PageContent<Row, Node>,
): PageSlice<Node> {
  return {
    edges: rows.slice(0, length).map((row) => ({ cursor: cursorOf(row), node: nodeOf(row) })),
    hasNextPage: rows.length > length,
    hasPreviousPage,
  };
}

export function nodesOf<Node>({ edges }: PageSlice<Node>): Node[] {
  return edges.map(({ node }) => node);
}

export function pageInfoOf({ edges, hasNextPage, hasPreviousPage }: PageSlice<unknown>) {
  return {
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
    hasNextPage,
    hasPreviousPage,
  };
}

/** The resolvers of every connection whose parent is a `Page`. */
export const connectionResolvers = {
  nodes: nodesOf,
  pageInfo: pageInfoOf,
  totalCount: (page: Page<unknown>) => asHeavyRead(() => page.totalCount()),
};
