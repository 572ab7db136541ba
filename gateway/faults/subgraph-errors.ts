import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { CALLERS_FAULTS, isStatedOutage, recordFault } from '../../shared/errors/index.js';

/** The code of a subgraph that does not accept the gateway's own token; the caller's was accepted before. */
const TOKEN_REFUSED = 'UNAUTHENTICATED';

/** Codes of subgraph errors that callers get unchanged. */
const PASSED_ON = new Set<unknown>([
  ...CALLERS_FAULTS.filter((code) => code !== TOKEN_REFUSED),
  'GRAPHQL_VALIDATION_FAILED',
]);

/** Whether the caller has to change the request, so that a retry is useless. */
export function isCallersFault({ extensions }: GraphQLFormattedError): boolean {
  return PASSED_ON.has(extensions?.['code']);
}

/** Codes of failures of the hub itself. An error without a code counts as INTERNAL_SERVER_ERROR once it is masked. */
const FAULTS = new Set<unknown>([
  undefined,
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'DOWNSTREAM_SERVICE_ERROR',
]);

/** Whether the hub failed and not the caller, so that a retry may succeed. */
export function isFault({ extensions }: Pick<GraphQLFormattedError, 'extensions'>): boolean {
  return FAULTS.has(extensions?.['code']);
}

/** Whether a response is incomplete because the hub failed. Such a response is never shared with another caller. */
export function hasFault({
  errors,
}: {
  errors?: readonly Pick<GraphQLFormattedError, 'extensions'>[] | undefined;
}): boolean {
  return errors?.some(isFault) ?? false;
}

/**
 * Returns the errors of a subgraph as clients get them: a caller's fault and a stated outage with the subgraph's message,
 * everything else only as the id in the log. A fault that the subgraph logged has an id already, which stays, without a second line.
 */
export function showSubgraphErrors(
  log: Logger,
  subgraph: string,
  errors: readonly GraphQLFormattedError[],
): GraphQLFormattedError[] {
  return errors.map((error) =>
    isCallersFault(error) ? inItsOwnWords(error) : masked(log, subgraph, error),
  );
}

function inItsOwnWords({ message, path, extensions }: GraphQLFormattedError) {
  return { message, ...(path ? { path } : {}), extensions: { code: extensions?.['code'] } };
}

function masked(
  log: Logger,
  subgraph: string,
  error: GraphQLFormattedError,
): GraphQLFormattedError {
  const { path, extensions } = error;
  const given = extensions?.['id'];
  const code = extensions?.['code'];
  const isOutage = code === 'SERVICE_UNAVAILABLE' || code === TOKEN_REFUSED;
  const id =
    typeof given === 'string'
      ? given
      : recordFault(log, lineOf(code), { subgraph, path, err: error });
  return {
    message: isStatedOutage(error)
      ? error.message
      : isOutage
        ? `Something ${subgraph} needs does not answer at the moment. Try again shortly; the hub's operators find the cause in their log as ${id}.`
        : `This failed through no fault of yours; the hub's operators find it in their log as ${id}.`,
    ...(path ? { path } : {}),
    extensions: { code: isOutage ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR', id },
  };
}

function lineOf(code: unknown): string {
  return code === TOKEN_REFUSED
    ? "a subgraph does not accept the gateway's token; compare their clocks and their keys"
    : 'a subgraph answered with a fault';
}
