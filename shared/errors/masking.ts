import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { isDatabaseAway } from '../database/away.js';
import { CALLERS_FAULTS } from './callers-fault.js';

const SHOWN = new Set<string>([
  ...CALLERS_FAULTS,
  'SERVICE_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/**
 * What of an error may leave the service. A caller's fault is shown; a fault of ours is logged once, with its cause, and
 * only the id under which it was logged is shown.
 */
export function maskError(
  log: Logger,
  error: GraphQLFormattedError,
  cause: unknown,
): GraphQLFormattedError {
  const code = error.extensions?.['code'];
  if (typeof code === 'string' && SHOWN.has(code)) {
    return { ...error, extensions: { code } };
  }
  const id = randomUUID();
  const thrown = rootOf(cause);
  const isAway = isDatabaseAway(thrown);
  log.error({ id, path: error.path, err: thrown }, isAway ? 'the database is away' : 'fault');
  return {
    message: isAway
      ? `The data cannot be reached at the moment; try again in some seconds. The hub's operators find this in their log as ${id}.`
      : `This failed through no fault of yours; the hub's operators find it in their log as ${id}.`,
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
    extensions: { code: isAway ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR', id },
  };
}

/** The same for errors that never pass through Apollo Server: those of subscriptions. */
export function maskThrown(log: Logger, thrown: unknown): GraphQLError {
  const error =
    thrown instanceof GraphQLError
      ? thrown
      : new GraphQLError('', { originalError: thrown as Error });
  const { message, path, extensions } = maskError(log, error.toJSON(), error);
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });
}

/** What was really thrown, beneath the GraphQLError that tells where. */
function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}
