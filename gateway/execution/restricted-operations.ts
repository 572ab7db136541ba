import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, validate, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ClaimSet } from '../../shared/identity/claims.js';
import { documentPrefix, type Documents } from '../core/document-store.js';
import { ExecutablePlan } from './executable-plan.js';
import { fetchesOf } from '../supergraph/planning/plan-fetches.js';
import type { SupergraphState } from '../supergraph/supergraph-state.js';
import type { Denied } from '../access/rights/rights-index.js';
import { restrict, type Restriction } from '../access/rights/restriction.js';

export interface AskedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string | null;
  queryHash: string;
}

/** What is left of an operation for those who may not see some of it. */
export interface RestrictedOperation {
  plan: ExecutablePlan;
  restriction: Restriction | undefined;
  /**
   * Whether it changes something, or who reads it is told to a subgraph or recorded: then its result is nobody else's, also
   * where what it is made from is fetched once for many.
   */
  isPersonal: boolean;
}

interface Known {
  restricted: RestrictedOperation;
  asked: AskedOperation;
  /** Of one of those who asked: all whose rights fail at the same rules have the same plan. */
  claims: ClaimSet | undefined;
  epoch: number;
  uses: number;
}

const MOST_OPERATIONS = 1_000;
/** So many are planned anew when the supergraph changes; each takes a few milliseconds. */
const MOST_WARMED = 200;

/** Operations ready to run, each planned once for a supergraph and a set of rights. */
export class RestrictedOperations {
  readonly #known = new LRUCache<string, Known>({ max: MOST_OPERATIONS });
  readonly #documents: Documents;
  #newest = 0;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** Plans what is not known yet. */
  of(state: SupergraphState, claims: ClaimSet | undefined, asked: AskedOperation) {
    const denied = state.rights.deniedTo(claims);
    const key = keyOf(state, denied, asked);
    let known = this.#known.get(key);
    if (!known) {
      const restricted = restrictedOperation(state, denied, asked);
      known = { restricted, asked: withoutItsRequest(asked), claims, epoch: state.epoch, uses: 0 };
      this.#known.set(key, known);
    }
    known.uses += 1;
    return known.restricted;
  }

  /**
   * Makes what was asked most ready for another supergraph, so that nobody waits for a plan when everybody asks anew. With
   * room for requests in between; given up when the supergraph changes again. Forgets the plans for those before.
   */
  async warm(state: SupergraphState): Promise<void> {
    this.#newest = state.epoch;
    const before = [...this.#known.entries()].filter(([, { epoch }]) => epoch !== state.epoch);
    const hottest = before.map(([, known]) => known).sort((one, other) => other.uses - one.uses);
    const prefix = documentPrefix(state.schema);
    for (const known of hottest.slice(0, MOST_WARMED)) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#newest !== state.epoch) return;
      this.#prepareAnew(state, known, prefix);
    }
    for (const [key] of before) this.#known.delete(key);
  }

  /** Under this supergraph it may be valid no more; who asks then is told. */
  #prepareAnew(state: SupergraphState, { asked, claims, uses }: Known, prefix: string): void {
    if (validate(state.schema, asked.document).length > 0) return;
    this.#documents.remember(prefix, asked.queryHash, asked.document);
    const denied = state.rights.deniedTo(claims);
    const key = keyOf(state, denied, asked);
    if (this.#known.has(key)) return;
    const restricted = restrictedOperation(state, denied, asked);
    // What was hot long ago need not stay so.
    this.#known.set(key, { restricted, asked, claims, epoch: state.epoch, uses: uses / 2 });
  }
}

/** A request is much more than what is asked, and is to be forgotten. */
function withoutItsRequest({ document, operation, operationName, queryHash }: AskedOperation) {
  return { document, operation, operationName, queryHash };
}

function keyOf({ epoch }: SupergraphState, { key }: Denied, asked: AskedOperation): string {
  return JSON.stringify([epoch, key, asked.operationName, asked.queryHash]);
}

function restrictedOperation(
  state: SupergraphState,
  denied: Denied,
  { document, operation, operationName }: AskedOperation,
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
    // The request is answered with 400 over HTTP: another one of the same words fails again.
    if (error instanceof GraphQLError) error.extensions['http'] = { status: 400 };
    throw error;
  }
}

/** By what is sent, because the planner asks for more than is selected. */
function isPersonal(
  { audited, recorded }: SupergraphState,
  { operation }: OperationDefinitionNode,
  { node }: QueryPlan,
): boolean {
  if (operation !== 'query') return true;
  return fetchesOf(node).some(
    ({ operation: sent }) => audited.areAskedFor(sent) || recorded.recordedBy(sent) !== undefined,
  );
}
