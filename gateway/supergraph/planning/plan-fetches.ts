import type { FetchNode, QueryPlan } from '@apollo/query-planner';

/** All fetches of a plan. */
export function fetchesOf(node: QueryPlan['node']): FetchNode[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'Fetch':
      return [node];
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Condition':
      return [...fetchesOf(node.ifClause), ...fetchesOf(node.elseClause)];
    case 'Defer':
      return [node.primary, ...node.deferred].flatMap((part) => fetchesOf(part.node));
    case 'Subscription':
      return [node.primary, ...fetchesOf(node.rest)];
  }
}
