import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { maskFault } from '../../faults/mask.js';
import type { PreparedSubscription } from '../planning/prepare.js';
import { OperationRefused } from '../planning/valid-documents.js';

/** Of a subscription that could go on only with a gap nobody would notice. */
export const SCHEMA_CHANGED: GraphQLFormattedError = {
  message:
    'The schema has changed, and this subscription cannot go on without a gap. Subscribe again.',
  extensions: { code: 'SERVICE_UNAVAILABLE' },
};

/** What watchers are told of a subscription that the new schema does not have like this. */
export function noLongerValid(log: Logger, error: unknown): GraphQLFormattedError[] {
  if (!(error instanceof OperationRefused)) return [maskFault(log, error)];
  return error.errors.map((refused) => ({
    ...refused.toJSON(),
    message: `The schema has changed, and this subscription is no longer valid: ${refused.message}`,
  }));
}

/** Whether the subgraph is asked for the same, so that its stream can go on. */
export function isSameUpstream(one: PreparedSubscription, other: PreparedSubscription): boolean {
  return upstreamOf(one) === upstreamOf(other);
}

function upstreamOf({ plan: { primary, resume }, variables }: PreparedSubscription): string {
  const { serviceName, operation, operationName } = primary;
  return JSON.stringify([serviceName, operation, operationName, resume, variables]);
}
