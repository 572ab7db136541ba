import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { maskFault } from '../../faults/index.js';
import { type PreparedSubscription, OperationRefusal } from '../planning/index.js';

/** The error of a subscription that could continue only with an unnoticed gap. */
export const SCHEMA_CHANGED: GraphQLFormattedError = {
  message:
    'The schema has changed, and this subscription cannot continue without a gap. Subscribe again.',
  extensions: { code: 'SERVICE_UNAVAILABLE' },
};

/** Returns the errors for subscribers of a subscription that is invalid under the new schema. */
export function noLongerValid(log: Logger, error: unknown): GraphQLFormattedError[] {
  if (!(error instanceof OperationRefusal)) return [maskFault(log, error)];
  return error.errors.map((refused) => ({
    ...refused.toJSON(),
    message: `The schema has changed, and this subscription is no longer valid: ${refused.message}`,
  }));
}

/** Whether the upstream operation is the same, so that its stream can continue. */
export function isSameUpstream(one: PreparedSubscription, other: PreparedSubscription): boolean {
  return upstreamOf(one) === upstreamOf(other);
}

function upstreamOf({ plan: { primary, resume }, variables }: PreparedSubscription): string {
  const { serviceName, operation, operationName } = primary;
  return JSON.stringify([serviceName, operation, operationName, resume, variables]);
}
