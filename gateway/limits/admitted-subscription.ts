import type { ClaimSet } from '../../shared/identity/claims.js';
import type {
  OperationRequest,
  PreparedSubscription,
  SubscriptionPreparation,
} from '../subscriptions/planning/prepare.js';
import { OperationRefused } from '../subscriptions/planning/valid-documents.js';
import type { Admission } from './admission.js';
import type { Caller } from './caller.js';
import { withoutSuggestions } from './suggestions.js';

interface Endpoint {
  admission: Admission;
  preparation: SubscriptionPreparation;
  /** Whether clients are told what they may have meant. */
  suggestions: boolean;
}

/**
 * A subscription that has arrived, made ready if it may run. It is charged what one message costs, once: messages are
 * made for all who share them. Throws OperationRefused, LimitExceeded.
 */
export async function admittedSubscription(
  { admission, preparation, suggestions }: Endpoint,
  caller: Caller,
  request: OperationRequest,
  claims: ClaimSet,
): Promise<PreparedSubscription> {
  try {
    const { document, operation } = preparation.read(request);
    const { supergraph } = preparation;
    await admission.run(caller, supergraph, document, operation, request.variables ?? {});
    return preparation.prepare(request, claims);
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    await admission.refused(caller);
    if (suggestions) throw error;
    for (const refused of error.errors) refused.message = withoutSuggestions(refused.message);
    throw error;
  }
}
