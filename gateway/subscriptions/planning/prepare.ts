import {
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  print,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { ClaimSet } from '../../../shared/identity/index.js';
import { safeVariables, withSafeVariables } from '../../core/index.js';
import type { SupergraphState } from '../../supergraph/index.js';
import type { RecordedSubscription } from '../../recording/index.js';
import { denialError, UNAUTHORIZED, type DeniedFields, restrict } from '../../access/index.js';
import { planSubscription, type SubscriptionPlan } from './plan.js';
import { resuming, type ResumingOperation } from './resuming.js';
import { selectOperation, type SelectedOperation } from './selected-operation.js';
import { OperationRefusal, ValidDocuments } from './valid-documents.js';

type Variables = Record<string, unknown>;

export interface OperationRequest {
  query: string;
  operationName?: string | null | undefined;
  variables?: Variables | null | undefined;
  extensions?: Variables | null | undefined;
}

/** A subscription that is ready to run. Equal keys give equal results to callers with equal claim sets, from any cursor. */
export interface PreparedSubscription {
  key: string;
  plan: SubscriptionPlan;
  /** As the client sent them, without the cursor: subgraphs and shaping fill in the defaults. */
  variables: Variables;
  /** The cursor after which the client resumes. */
  after: string | undefined;
  /** Whether it selects an audited field, so that subgraphs know the subscriber, and nobody else shares it. */
  isAudited: boolean;
  /** The facts that are recorded; undefined when it selects no recorded types. */
  watch: RecordedSubscription | undefined;
  /** For preparing it again under another supergraph. */
  request: OperationRequest;
  /** Headers of the trace in which it began; the traces of events link to it. */
  trace?: Readonly<Record<string, string>>;
}

const MAX_PLANS = 1_000;
/** The id of an operation on a reserved event stream. */
const OPERATION_ID = 'operationId';

/** Prepares subscriptions; plans each operation once per supergraph. */
export class SubscriptionPreparation {
  readonly #supergraph: () => SupergraphState;
  readonly #documents = new ValidDocuments();
  readonly #plans = new LRUCache<string, SubscriptionPlan>({ max: MAX_PLANS });

  constructor(supergraph: () => SupergraphState) {
    this.#supergraph = supergraph;
  }

  /** The current supergraph. */
  get supergraph(): SupergraphState {
    return this.#supergraph();
  }

  /** Returns the selected subscription, valid and not yet planned, and its variables. Throws OperationRefusal. */
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

  /** Prepares the part of it that callers with this claim set may see. Throws OperationRefusal. */
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

/** Describes what it reads. Its arguments matter, but not the cursor, which says nothing about the data. */
function watchOf(
  { schema, resumable }: SupergraphState,
  { operation, rootFields: [rootField] }: SelectedOperation,
  coerced: Variables,
  { recordings }: SubscriptionPlan,
): RecordedSubscription | undefined {
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
  denied: DeniedFields,
  { planned, shaped, resume }: ResumingOperation,
): SubscriptionPlan {
  const { document, operation } = planned;
  const own = resume ? [resume.cursorAlias, resume.caughtUpAlias ?? resume.cursorAlias] : [];
  const restriction = restrict(supergraph, denied, document, operation, own);
  if (!restriction) {
    return planSubscription(supergraph, document, shaped.document, resume, undefined);
  }
  if (!restriction.planned) {
    const errors = restriction.denials.map(denialError);
    throw new OperationRefusal(UNAUTHORIZED, errors);
  }
  return planSubscription(supergraph, restriction.planned, restriction.shaped, resume, restriction);
}

function subscriptionOf(operation: OperationDefinitionNode | null | undefined) {
  if (operation?.operation === 'subscription') return operation;
  throw new OperationRefusal('BAD_USER_INPUT', [
    new GraphQLError('Expected one subscription, or several and the operationName of one of them.'),
  ]);
}

function coercedVariables(
  { schema }: SupergraphState,
  { variableDefinitions }: OperationDefinitionNode,
  raw: Variables,
): Variables {
  const { coerced, errors } = getVariableValues(schema, variableDefinitions ?? [], raw);
  if (errors) throw new OperationRefusal('BAD_USER_INPUT', errors);
  return coerced;
}

/** Returns the variables that the client declares and the executed operation uses, in order of declaration, so that equal sets compare equal. */
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
