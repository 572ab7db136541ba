import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, validate, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ClaimSet } from '../../shared/identity/index.js';
import { documentPrefix, type DocumentStore } from '../core/index.js';
import { ExecutablePlan } from './executable-plan.js';
import { fetchesOf, type SupergraphState } from '../supergraph/index.js';
import { type DeniedFields, restrict, type Restriction } from '../access/index.js';

export interface ClientOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string | null;
  queryHash: string;
}

/** An operation without the fields that the caller may not see, ready to run. */
export interface RestrictedOperation {
  plan: ExecutablePlan;
  restriction: Restriction | undefined;
  /**
   * Whether the result is for one person only: the operation is a mutation, or a subgraph receives or records the reader. Its
   * fetches may still be shared.
   */
  isPersonal: boolean;
}

interface CachedOperation {
  restricted: RestrictedOperation;
  client: ClientOperation;
  /** Of one of the callers: all callers who fail the same rules have the same plan. */
  claims: ClaimSet | undefined;
  epoch: number;
  uses: number;
}

const MAX_OPERATIONS = 1_000;
/** Operations that are planned in advance when the supergraph changes; each takes a few milliseconds. */
const MAX_WARMED = 200;

/** Operations ready to run, each planned once for a supergraph and a set of rights. */
export class RestrictedOperations {
  readonly #known = new LRUCache<string, CachedOperation>({ max: MAX_OPERATIONS });
  readonly #documents: DocumentStore;
  #newest = 0;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Returns the planned operation; plans it when it is not cached. */
  of(state: SupergraphState, claims: ClaimSet | undefined, client: ClientOperation) {
    const denied = state.rights.deniedTo(claims);
    const key = keyOf(state, denied, client);
    let known = this.#known.get(key);
    if (!known) {
      const restricted = restrictedOperation(state, denied, client);
      known = {
        restricted,
        client: withoutItsRequest(client),
        claims,
        epoch: state.epoch,
        uses: 0,
      };
      this.#known.set(key, known);
    }
    known.uses += 1;
    return known.restricted;
  }

  /**
   * Plans the most frequent operations for another supergraph, so that nobody waits when all clients repeat their operations.
   * Yields to requests in between; stops when the supergraph changes again. Removes the plans for earlier supergraphs.
   */
  async warm(state: SupergraphState): Promise<void> {
    this.#newest = state.epoch;
    const before = [...this.#known.entries()].filter(([, { epoch }]) => epoch !== state.epoch);
    const hottest = before.map(([, known]) => known).sort((one, other) => other.uses - one.uses);
    const prefix = documentPrefix(state.schema);
    for (const known of hottest.slice(0, MAX_WARMED)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#newest !== state.epoch) return;
      this.#prepareAgain(state, known, prefix);
    }
    for (const [key] of before) this.#known.delete(key);
  }

  /** The operation may be invalid under this supergraph; then its next request is refused. */
  #prepareAgain(
    state: SupergraphState,
    { client, claims, uses }: CachedOperation,
    prefix: string,
  ): void {
    if (validate(state.schema, client.document).length > 0) return;
    this.#documents.remember(prefix, client.queryHash, client.document);
    const denied = state.rights.deniedTo(claims);
    const key = keyOf(state, denied, client);
    if (this.#known.has(key)) return;
    const restricted = restrictedOperation(state, denied, client);
    // An operation that was frequent once need not stay so.
    this.#known.set(key, { restricted, client, claims, epoch: state.epoch, uses: uses / 2 });
  }
}

/** Drops the rest of the request, which is large and must not be kept. */
function withoutItsRequest({ document, operation, operationName, queryHash }: ClientOperation) {
  return { document, operation, operationName, queryHash };
}

function keyOf({ epoch }: SupergraphState, { key }: DeniedFields, client: ClientOperation): string {
  // None of the parts contains a space.
  return `${epoch} ${key} ${client.operationName ?? ''} ${client.queryHash}`;
}

function restrictedOperation(
  state: SupergraphState,
  denied: DeniedFields,
  { document, operation, operationName }: ClientOperation,
): RestrictedOperation {
  const restriction = restrict(state, denied, document, operation);
  const planned = restriction ? restriction.planned : document;
  const queryPlan: QueryPlan = planned
    ? planOf(state, planned, operationName)
    : { kind: 'QueryPlan' };
  const plan = new ExecutablePlan(state, {
    plan: queryPlan,
    document: restriction?.shaped ?? document,
    operationName,
  });
  return { plan, restriction, isPersonal: isPersonal(state, operation, queryPlan) };
}

function planOf(
  { apiSchema, planner }: SupergraphState,
  document: DocumentNode,
  operationName: string | null,
): QueryPlan {
  const options = operationName === null ? {} : { operationName };
  try {
    return planner.buildQueryPlan(operationFromDocument(apiSchema, document, options));
  } catch (error) {
    // Over HTTP the status is 400: the same operation fails again.
    if (error instanceof GraphQLError) error.extensions['http'] = { status: 400 };
    throw error;
  }
}

/** Judged by the queries that are sent, because the planner fetches more than the client selects. */
function isPersonal(
  { audited, recorded }: SupergraphState,
  { operation }: OperationDefinitionNode,
  { node }: QueryPlan,
): boolean {
  if (operation !== 'query') return true;
  return fetchesOf(node).some(
    ({ operation: sent }) =>
      audited.areRequestedBy(sent) || recorded.recordOperationFor(sent) !== undefined,
  );
}
