import type { ClaimSet } from '../../../shared/identity/index.js';
import {
  operationFacts,
  type Span,
  type TraceCarrier,
  type Tracing,
} from '../../../shared/telemetry/index.js';
import { coercedVariables, type Caller } from '../../core/index.js';
import {
  type OperationRequest,
  type PreparedSubscription,
  type SubscriptionPreparation,
  OperationRefusal,
} from '../planning/index.js';
import { type Admission, withoutSuggestions } from '../../limits/index.js';

interface Endpoint {
  admission: Admission;
  preparation: SubscriptionPreparation;
  /** Whether error messages contain suggestions. */
  suggestions: boolean;
  tracing?: Tracing | undefined;
}

/**
 * Charges and prepares a subscription. It is charged the cost of one message, once: each message is made for all who share it.
 * Throws OperationRefusal, LimitError.
 */
export async function admitSubscription(
  endpoint: Endpoint,
  caller: Caller,
  request: OperationRequest,
  claims: ClaimSet,
  from?: TraceCarrier,
): Promise<PreparedSubscription> {
  const span = endpoint.tracing?.begin('subscription', from, { side: 'server' });
  try {
    const prepared = await admitted(endpoint, caller, request, claims, span);
    return span ? { ...prepared, trace: span.headers } : prepared;
  } finally {
    span?.end();
  }
}

async function admitted(
  { admission, preparation, suggestions }: Endpoint,
  caller: Caller,
  request: OperationRequest,
  claims: ClaimSet,
  span: Span | undefined,
): Promise<PreparedSubscription> {
  try {
    const { document, operation, variables: sent } = preparation.read(request);
    if (span) {
      const { facts, name } = operationFacts(operation);
      span.add(facts, name);
    }
    const { supergraph } = preparation;
    const variables = coercedVariables(supergraph.schema, operation, sent);
    await admission.chargeOperation(caller, supergraph, document, operation, variables);
    const planning = span?.begin('plan');
    const prepared = preparation.prepare(request, claims);
    planning?.end();
    return prepared;
  } catch (error) {
    if (!(error instanceof OperationRefusal)) throw error;
    await admission.chargeRefusal(caller);
    if (suggestions) throw error;
    for (const one of error.errors) one.message = withoutSuggestions(one.message);
    throw error;
  }
}
