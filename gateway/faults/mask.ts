import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { recordFault } from '../../shared/errors/index.js';

/**
 * Masks an error before it leaves: an error without a code is a fault of the gateway itself. It is logged once with its cause
 * and shown as an id. Errors of subgraphs were masked where they arrived and pass unchanged.
 */
export function maskFault(log: Logger, error: unknown): GraphQLFormattedError {
  const shown = error instanceof GraphQLError ? error.toJSON() : undefined;
  return maskFormatted(log, shown ?? { message: '' }, error);
}

/** Masks an error for Apollo Server, which formats first and gives every error without a code INTERNAL_SERVER_ERROR. */
export function maskFormatted(
  log: Logger,
  shown: GraphQLFormattedError,
  cause: unknown,
): GraphQLFormattedError {
  const { code, id: known } = (shown.extensions ?? {}) as { code?: unknown; id?: unknown };
  if (isRefusedByApollo(cause)) return { ...shown, extensions: { code: 'BAD_USER_INPUT' } };
  const isMasked = code !== 'INTERNAL_SERVER_ERROR' || known !== undefined;
  if (code !== undefined && isMasked) return shown;
  const id = recordFault(log, 'fault in the gateway', { path: shown.path, err: cause });
  return {
    message: `This failed through no fault of yours; the hub's operators find it in their log as ${id}.`,
    ...(shown.path ? { path: shown.path } : {}),
    extensions: { code: 'INTERNAL_SERVER_ERROR', id },
  };
}

/** For some faults of a caller, such as a wrong hash of a text, Apollo Server sets the status but not the code. */
function isRefusedByApollo(cause: unknown): boolean {
  if (!(cause instanceof GraphQLError) || cause.extensions['code'] !== undefined) return false;
  const { status = 500 } = (cause.extensions['http'] ?? {}) as { status?: number };
  return status >= 400 && status < 500;
}
