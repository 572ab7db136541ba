import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode } from 'graphql';
import { ExecutablePlan } from '../../execution/executable-plan.js';
import { fetchesOf } from '../../supergraph/planning/plan-fetches.js';
import type { Recording } from '../../recording/watch-records.js';
import type { Restriction } from '../../access/rights/restriction.js';
import type { SupergraphState } from '../../supergraph/supergraph-state.js';
import { OperationRefused } from './valid-documents.js';

/** How a subscription is resumed, with the gateway's own names in its operation. */
export interface ResumePlan {
  /** Key of the message in the event's data, and of the cursor within it. */
  responseName: string;
  cursorAlias: string;
  /** Variable of the upstream operation that takes the cursor. */
  afterVariable: string;
  /** Field of Query that tells the cursor of this moment. */
  now?: string;
}

/** What there is to do for a subscription: one operation upstream, and a plan for each of its events. */
export interface SubscriptionPlan {
  supergraph: SupergraphState;
  /** The subscription sent to the subgraph that owns the field. */
  primary: FetchNode;
  /**
   * For each event: `primary`, answered by the event itself, then whatever the other subgraphs add. Shaped by the client's
   * operation, without what the gateway selects for itself.
   */
  eventPlan: ExecutablePlan;
  resume: ResumePlan | undefined;
  /** What those who share it may not see; undefined when they may see all of it. */
  restriction: Restriction | undefined;
  /** Where it is recorded who watches; nowhere unless it shows what is recorded. */
  recordings: readonly Recording[];
}

/** Plans `planned`, shapes by `shaped`; both hold exactly one operation, a subscription. */
export function planSubscription(
  supergraph: SupergraphState,
  planned: DocumentNode,
  shaped: DocumentNode,
  resume: ResumePlan | undefined,
  restriction: Restriction | undefined,
): SubscriptionPlan {
  const operation = operationFromDocument(supergraph.apiSchema, planned);
  const { node } = planOf(supergraph, operation);
  if (node?.kind !== 'Subscription') {
    throw new Error(`expected a plan of kind Subscription, got ${node?.kind ?? 'an empty one'}`);
  }
  const eventPlan = new ExecutablePlan(supergraph, {
    plan: { kind: 'QueryPlan', node: inSequence(node.primary, node.rest) },
    document: shaped,
    answeredByEvent: node.primary,
  });
  return {
    supergraph,
    primary: node.primary,
    eventPlan,
    resume,
    restriction,
    recordings: recordingsOf(supergraph, fetchesOf(node)),
  };
}

/** One for each subgraph that stores reads of what is fetched. */
function recordingsOf({ recorded }: SupergraphState, fetches: readonly FetchNode[]): Recording[] {
  const bySubgraph = new Map<string, Recording>();
  for (const { serviceName: subgraph, operation: sent } of fetches) {
    const operation = recorded.recordedBy(sent);
    if (operation !== undefined) bySubgraph.set(subgraph, { subgraph, operation });
  }
  return [...bySubgraph.values()];
}

function planOf({ planner }: SupergraphState, operation: Operation): QueryPlan {
  try {
    return planner.buildQueryPlan(operation);
  } catch (error) {
    if (error instanceof GraphQLError) throw new OperationRefused('BAD_USER_INPUT', [error]);
    throw error;
  }
}

function inSequence(primary: FetchNode, rest: PlanNode | undefined): PlanNode {
  if (!rest) return primary;
  const nodes = rest.kind === 'Sequence' ? rest.nodes : [rest];
  return { kind: 'Sequence', nodes: [primary, ...nodes] };
}
