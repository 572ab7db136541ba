import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode } from 'graphql';
import { ExecutablePlan } from '../../execution/index.js';
import { fetchesOf, type SupergraphState } from '../../supergraph/index.js';
import type { Recording } from '../../recording/index.js';
import type { Restriction } from '../../access/index.js';
import { OperationRefusal } from './valid-documents.js';

/** How a subscription is resumed, with the gateway's private names in its operation. */
export interface ResumePlan {
  /** Key of the message in the event's data, and of the cursor in the message. */
  responseName: string;
  cursorAlias: string;
  /** Key of the field that is true in a mark; undefined where the subgraph sends none. */
  caughtUpAlias?: string;
  /** Variable of the upstream operation for the cursor. */
  afterVariable: string;
  /** Field of Query that returns the current cursor. */
  now?: string;
}

/** The plan of a subscription: one operation upstream, and a plan for each of its events. */
export interface SubscriptionPlan {
  supergraph: SupergraphState;
  /** The subscription sent to the subgraph that owns the field. */
  primary: FetchNode;
  /**
   * For each event: `primary`, whose response is the event, then the fetches from other subgraphs. Shaped by the client's
   * operation, without the selections of the gateway.
   */
  eventPlan: ExecutablePlan;
  resume: ResumePlan | undefined;
  /** The fields that its subscribers may not see; undefined when they may see all of it. */
  restriction: Restriction | undefined;
  /** The subgraphs that record its subscribers; empty unless it selects recorded types. */
  recordings: readonly Recording[];
}

/** Plans `planned` and shapes by `shaped`; both contain exactly one operation, a subscription. */
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
    eventFetch: node.primary,
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

/** Returns one recording for each subgraph that records its reads. */
function recordingsOf({ recorded }: SupergraphState, fetches: readonly FetchNode[]): Recording[] {
  const bySubgraph = new Map<string, Recording>();
  for (const { serviceName: subgraph, operation: sent } of fetches) {
    const operation = recorded.recordOperationFor(sent);
    if (operation !== undefined) bySubgraph.set(subgraph, { subgraph, operation });
  }
  return [...bySubgraph.values()];
}

function planOf({ planner }: SupergraphState, operation: Operation): QueryPlan {
  try {
    return planner.buildQueryPlan(operation);
  } catch (error) {
    if (error instanceof GraphQLError) throw new OperationRefusal('BAD_USER_INPUT', [error]);
    throw error;
  }
}

function inSequence(primary: FetchNode, rest: PlanNode | undefined): PlanNode {
  if (!rest) return primary;
  const nodes = rest.kind === 'Sequence' ? rest.nodes : [rest];
  return { kind: 'Sequence', nodes: [primary, ...nodes] };
}
