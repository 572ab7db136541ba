import type { ClaimSet } from '../../../shared/identity/claims.js';
import { operationFacts } from '../../../shared/telemetry/operation-facts.js';
import type { Span, TraceCarrier, Tracing } from '../../../shared/telemetry/tracing.js';
import { coercedVariables } from '../../core/coerced-variables.js';
import type {
  OperationRequest,
  PreparedSubscription,
  SubscriptionPreparation,
} from '../planning/prepare.js';
import { OperationRefused } from '../planning/valid-documents.js';
import type { Admission } from '../../limits/admission.js';
import type { Caller } from '../../core/caller.js';
import { withoutSuggestions } from '../../limits/suggestions.js';

interface Endpoint {
  admission: Admission;
  preparation: SubscriptionPreparation;
  /** Whether clients are told what they may have meant. */
  suggestions: boolean;
  tracing?: Tracing | undefined;
}

/**
 * A subscription that has arrived, made ready if it may run. It is charged what one message costs, once: messages are
 * made for all who share them. Throws OperationRefused, LimitExceeded.
 */
export async function admittedSubscription(
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
      span.tell(facts, name);
    }
    const { supergraph } = preparation;
    const variables = coercedVariables(supergraph.schema, operation, sent);
    await admission.run(caller, supergraph, document, operation, variables);
    const planning = span?.begin('plan');
    const prepared = preparation.prepare(request, claims);
    planning?.end();
    return prepared;
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    await admission.refused(caller);
    if (suggestions) throw error;
    for (const refused of error.errors) refused.message = withoutSuggestions(refused.message);
    throw error;
  }
}
