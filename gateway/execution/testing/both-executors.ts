import { operationFromDocument } from '@apollo/federation-internals';
import {
  getOperationAST,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type TypeNode,
} from 'graphql';
import { pino } from 'pino';
import type { SupergraphState } from '../../supergraph/supergraph-state.js';
import { GATEWAY_IDENTITY } from '../../core/service-identities.js';
import { ExecutablePlan } from '../executable-plan.js';
import type { PlannedOperation } from '../planned-operation.js';
import { StockPlan } from '../stock-plan.js';
import { MadeUpSubgraph, type Whims } from './generated-responses.js';

const log = pino({ enabled: false });

export interface Outcome {
  result: ExecutionResult | { thrown: true };
  requests: number;
  representations: number;
}

export interface Both {
  isOwn: boolean;
  own: Outcome;
  stock: Outcome;
}

/** Runs one operation through the own executor and through the stock one, over subgraphs that respond to both alike. */
export async function bothExecutors(
  state: SupergraphState,
  document: DocumentNode,
  variables: Record<string, unknown>,
  whims: Whims,
  operationName?: string,
): Promise<Both> {
  const planned = plannedOperation(state, document, operationName);
  const executable = new ExecutablePlan(state, planned);
  const outcome = async (executor: Pick<ExecutablePlan, 'execute'>): Promise<Outcome> => {
    const subgraphs = state.subgraphs.map(
      (name) => [name, new MadeUpSubgraph(name, state.supergraphSchema, whims)] as const,
    );
    const sources = Object.fromEntries(subgraphs);
    const event = eventFor(planned, sources);
    const result = await executor
      .execute({
        variables,
        context: { identity: GATEWAY_IDENTITY },
        sources,
        log,
        ...(await event),
      })
      .catch(() => ({ thrown: true as const }));
    const requests = subgraphs.flatMap(([, subgraph]) => subgraph.requests);
    const representations = requests.map(
      ({ variables: sent }) => sent.representations?.length ?? 0,
    );
    return {
      result,
      requests: requests.length,
      representations: representations.reduce((sum, count) => sum + count, 0),
    };
  };
  return {
    isOwn: executable.isOwn,
    own: await outcome(executable),
    stock: await outcome(new StockPlan(state, planned)),
  };
}

function plannedOperation(
  { apiSchema, planner }: SupergraphState,
  document: DocumentNode,
  operationName: string | undefined,
): PlannedOperation {
  const named = operationName === undefined ? {} : { operationName };
  const plan = planner.buildQueryPlan(operationFromDocument(apiSchema, document, named));
  const { node } = plan;
  if (node?.kind !== 'Subscription') return { plan, document, ...named };
  const { primary, rest } = node;
  const nodes = rest ? [primary, ...(rest.kind === 'Sequence' ? rest.nodes : [rest])] : [primary];
  return {
    plan: { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } },
    document,
    ...named,
    eventFetch: primary,
  };
}

/** The data that the subgraph would send. */
async function eventFor({ eventFetch }: PlannedOperation, sources: Record<string, MadeUpSubgraph>) {
  if (!eventFetch) return {};
  const { serviceName, operation } = eventFetch;
  const body = JSON.stringify({ query: operation, variables: {} });
  const event = sources[serviceName]!.fetch({ query: operation, body, isChange: false });
  return { event: await event.catch(() => ({ data: null })) };
}

/** The parts that two results must have in common: everything but the order in which parallel fetches happened to fail. */
export function comparable({ result }: Outcome): string {
  if ('thrown' in result) return 'throws';
  const { errors = [], ...rest } = result;
  const sorted = errors.map((error) => JSON.stringify(error)).sort();
  return JSON.stringify([sorted, rest], undefined, 1);
}

/** The comparable parts of a result, without the entry of a list that an error is about. */
export function comparableButForPositions(outcome: Outcome): string {
  return comparable(outcome).replaceAll(/\\?"path\\?":\[[^\]]*\]/g, (path) =>
    path.replaceAll(/\b\d+\b/g, '@'),
  );
}

/** The operation's own variables, each with a value that fits more or less. */
export function variablesFor(document: DocumentNode, operationName?: string) {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  return Object.fromEntries(
    definitions
      .filter(({ defaultValue }) => !defaultValue)
      .map(({ variable, type }) => [variable.name.value, valueFor(type)]),
  );
}

function valueFor(type: TypeNode): unknown {
  switch (type.kind) {
    case Kind.NON_NULL_TYPE:
      return valueFor(type.type);
    case Kind.LIST_TYPE:
      return [];
    case Kind.NAMED_TYPE:
      return (
        { Boolean: true, Int: 2, Float: 1.5, ID: '1', String: 'text' }[type.name.value] ?? null
      );
  }
}
