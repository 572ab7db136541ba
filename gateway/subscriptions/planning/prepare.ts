import {
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  print,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ClaimSet } from '../../../shared/identity/claims.js';
import { safeVariables, withSafeVariables } from '../../core/safe-variables.js';
import type { SupergraphState } from '../../supergraph/supergraph-state.js';
import type { RecordedWatch } from '../../recording/watch-records.js';
import { denialError, UNAUTHORIZED } from '../../access/rights/denials.js';
import type { Denied } from '../../access/rights/rights-index.js';
import { restrict } from '../../access/rights/restriction.js';
import { planSubscription, type SubscriptionPlan } from './plan.js';
import { resuming, type ResumingOperation } from './resuming.js';
import { selectOperation, type SelectedOperation } from './selected-operation.js';
import { OperationRefused, ValidDocuments } from './valid-documents.js';

type Variables = Record<string, unknown>;

export interface OperationRequest {
  query: string;
  operationName?: string | null | undefined;
  variables?: Variables | null | undefined;
  extensions?: Variables | null | undefined;
}

/** A subscription ready to run. Equal keys mean equal results for callers of equal claim sets, from any cursor. */
export interface PreparedSubscription {
  key: string;
  plan: SubscriptionPlan;
  /** As the client sent them, without the place to resume from: subgraphs and shaping fill in defaults themselves. */
  variables: Variables;
  /** The cursor the client wants to go on from. */
  after: string | undefined;
  /** Whether it selects an audited field, so that subgraphs are told who watches, and nobody else shares it. */
  isAudited: boolean;
  /** What is recorded of it; undefined when it shows nothing of which reads are recorded. */
  watch: RecordedWatch | undefined;
  /** To prepare it anew under another supergraph. */
  request: OperationRequest;
  /** Headers of the trace in which it was subscribed to; events have traces of their own, which follow from it. */
  trace?: Readonly<Record<string, string>>;
}

const MOST_PLANS = 1_000;
/** By which an operation on a reserved event stream is known. */
const OPERATION_ID = 'operationId';

/** Makes subscriptions ready to run; plans each operation once per supergraph. */
export class SubscriptionPreparation {
  readonly #supergraph: () => SupergraphState;
  readonly #documents = new ValidDocuments();
  readonly #plans = new LRUCache<string, SubscriptionPlan>({ max: MOST_PLANS });

  constructor(supergraph: () => SupergraphState) {
    this.#supergraph = supergraph;
  }

  /** The one that is prepared for now. */
  get supergraph(): SupergraphState {
    return this.#supergraph();
  }

  /** The subscription that is meant, valid and not yet planned, and its variables. Throws OperationRefused. */
  read({ query, operationName, variables }: OperationRequest) {
    const sent = this.#documents.read(this.supergraph, query);
    const document = withSafeVariables(sent);
    return {
      document,
      operation: subscriptionOf(getOperationAST(document, operationName)),
      sent: subscriptionOf(getOperationAST(sent, operationName)),
      variables: safeVariables(sent, variables ?? {}),
    };
  }

  /** What callers of this claim set may see of it. Throws OperationRefused. */
  prepare(
    { query, operationName, variables, extensions }: OperationRequest,
    claims: ClaimSet,
  ): PreparedSubscription {
    const { supergraph } = this;
    const read = this.read({ query, operationName, variables });
    forgetUnused(read.sent, { variables, extensions });
    const { document, operation, variables: raw } = read;
    const coerced = coercedVariables(supergraph, operation, raw);
    const selected = selectOperation(supergraph, document, operation, coerced);
    const resumable = resuming(supergraph, selected, coerced);
    const { shaped, after } = resumable;

    const denied = supergraph.rights.deniedTo(claims);
    const planKey = `${supergraph.epoch} ${denied.key} ${print(shaped.document)}`;
    let plan = this.#plans.get(planKey);
    if (!plan) {
      plan = restrictedPlan(supergraph, denied, resumable);
      this.#plans.set(planKey, plan);
    }
    const kept = declaredVariables(selected.operation, shaped.operation, raw);
    return {
      key: `${planKey} ${JSON.stringify(kept)}`,
      plan,
      variables: kept,
      after,
      isAudited: supergraph.audited.areSelectedIn(shaped.document),
      watch: watchOf(supergraph, selected, coerced, plan),
      request: { query, operationName, variables },
    };
  }
}

/** What it is narrowed to; where in the stream it begins says nothing of what is read. */
function watchOf(
  { schema, resumable }: SupergraphState,
  { operation, rootFields: [rootField] }: SelectedOperation,
  coerced: Variables,
  { recordings }: SubscriptionPlan,
): RecordedWatch | undefined {
  const field = rootField && schema.getSubscriptionType()?.getFields()[rootField.name.value];
  if (recordings.length === 0 || !field) return undefined;
  const given = Object.entries(getArgumentValues(field, rootField, coerced));
  const cursor = resumable.get(field.name)?.argument;
  const criteria = Object.fromEntries(given.filter(([name]) => name !== cursor));
  return {
    recordings,
    field: field.name,
    criteria: JSON.stringify(criteria),
    operation: operation.name?.value ?? null,
  };
}

function restrictedPlan(
  supergraph: SupergraphState,
  denied: Denied,
  { planned, shaped, resume }: ResumingOperation,
): SubscriptionPlan {
  const { document, operation } = planned;
  const restriction = restrict(supergraph, denied, document, operation, resume?.cursorAlias);
  if (!restriction) {
    return planSubscription(supergraph, document, shaped.document, resume, undefined);
  }
  if (!restriction.planned) {
    const errors = restriction.denials.map(denialError);
    throw new OperationRefused(UNAUTHORIZED, errors);
  }
  return planSubscription(supergraph, restriction.planned, restriction.shaped, resume, restriction);
}

function subscriptionOf(operation: OperationDefinitionNode | null | undefined) {
  if (operation?.operation === 'subscription') return operation;
  throw new OperationRefused('BAD_USER_INPUT', [
    new GraphQLError('Expected one subscription, or several and the operationName of one of them.'),
  ]);
}

function coercedVariables(
  { schema }: SupergraphState,
  { variableDefinitions }: OperationDefinitionNode,
  raw: Variables,
): Variables {
  const { coerced, errors } = getVariableValues(schema, variableDefinitions ?? [], raw);
  if (errors) throw new OperationRefused('BAD_USER_INPUT', errors);
  return coerced;
}

/** What the client's operation declares and what is run still uses; in the order of declaration, so that equal sets read equal. */
function declaredVariables(
  clients: OperationDefinitionNode,
  run: OperationDefinitionNode,
  raw: Variables,
): Variables {
  const used = new Set(run.variableDefinitions?.map(({ variable }) => variable.name.value));
  const names = (clients.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  return Object.fromEntries(
    names
      .filter((name) => used.has(name) && Object.hasOwn(raw, name))
      .map((name) => [name, raw[name]]),
  );
}

/**
 * Removes from a request what its operation does not declare. Protocol libraries keep what a client sent for as long as its
 * subscription lasts, and it may be two megabytes.
 */
function forgetUnused(
  { variableDefinitions = [] }: OperationDefinitionNode,
  { variables, extensions }: Pick<OperationRequest, 'variables' | 'extensions'>,
): void {
  const declared = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  removeOthers(variables, (name) => declared.has(name));
  removeOthers(extensions, (name) => name === OPERATION_ID);
}

function removeOthers(values: Variables | null | undefined, isKept: (name: string) => boolean) {
  for (const name of Object.keys(values ?? {})) {
    if (!isKept(name)) Reflect.deleteProperty(values!, name);
  }
}
