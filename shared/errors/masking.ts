import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { databaseFaultOf, type DatabaseFault } from './database-faults.js';
import { CALLERS_FAULTS } from './callers-fault.js';
import { recordFault } from './fault-log.js';
import { isStatedOutage } from './stated-outage.js';

const SHOWN = new Set<string>([
  ...CALLERS_FAULTS,
  'CANCELLED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** The database stopped a statement: the operation needed more time than one may. */
const TOO_MUCH_FOR_THE_DATABASE =
  'The database stopped this because it took longer than one operation may. Query less at once: a smaller area, a shorter list or fewer fields.';

/** Log lines of a fault, by the state of the database. */
const FAULT_LINES = {
  unavailable: 'the database is unavailable',
  inaccessible: 'the database refuses this service',
  none: 'fault',
} as const;

/**
 * Returns what of an error may leave the service. A caller's fault and a stated outage are shown. A fault of ours is logged once, with its cause, and only
 * the id under which it was logged is shown: as SERVICE_UNAVAILABLE where the database failed, so that clients try again.
 */
export function maskError(
  log: Logger,
  error: GraphQLFormattedError,
  cause: unknown,
): GraphQLFormattedError {
  const { code, id: known } = error.extensions ?? {};
  if (isStatedOutage(error)) {
    return { ...error, extensions: { code, stated: true, ...(known ? { id: known } : {}) } };
  }
  if (typeof code === 'string' && SHOWN.has(code)) {
    return { ...error, extensions: { code } };
  }
  const thrown = rootOf(cause);
  const fault = databaseFaultOf(thrown);
  const position = {
    ...(error.locations ? { locations: error.locations } : {}),
    ...(error.path ? { path: error.path } : {}),
  };
  if (fault === 'cancelled') {
    log.info({ path: error.path, err: thrown }, 'the database stopped a statement');
    return { message: TOO_MUCH_FOR_THE_DATABASE, ...position, extensions: { code: 'TOO_MUCH' } };
  }
  const id = recordFault(log, FAULT_LINES[fault ?? 'none'], { path: error.path, err: thrown });
  return { message: messageOf(fault, id), ...position, extensions: { code: codeOf(fault), id } };
}

function codeOf(fault: DatabaseFault | undefined) {
  return fault ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR';
}

function messageOf(fault: DatabaseFault | undefined, id: string): string {
  return fault
    ? `The data cannot be reached at the moment; try again in some seconds. The hub's operators find this in their log as ${id}.`
    : `This failed through no fault of yours; the hub's operators find it in their log as ${id}.`;
}

/** Masks an error that never passes through Apollo Server: one of a subscription. */
export function maskThrown(log: Logger, thrown: unknown): GraphQLError {
  const error =
    thrown instanceof GraphQLError
      ? thrown
      : new GraphQLError('', { originalError: thrown as Error });
  const { message, path, extensions } = maskError(log, error.toJSON(), error);
  return new GraphQLError(message, { path: path ?? null, extensions: extensions ?? null });
}

/** Returns the error that was thrown, beneath the GraphQLError that has its path. */
function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? error.originalError : error;
}
