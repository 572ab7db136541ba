import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { recordFault } from '../../shared/errors/index.js';

/**
 * The error for a subgraph that cannot be reached or does not respond with GraphQL. The cause, which may contain addresses,
 * goes to the log alone; the caller gets its id.
 */
export function outage(log: Logger, subgraph: string, cause: unknown): GraphQLError {
  const id = recordFault(log, 'a subgraph does not answer', { subgraph, err: cause });
  return loggedOutage(subgraph, id);
}

/** The error for a subgraph that could not record a read, so that its response is withheld. */
export function unrecorded(log: Logger, subgraph: string, cause: unknown): GraphQLError {
  const line = 'reads could not be recorded, and were withheld';
  const id = recordFault(log, line, { subgraph, err: cause });
  return new GraphQLError(
    `${subgraph} could not record this read, so the data is withheld. Try again shortly; the hub's operators find the cause in their log as ${id}.`,
    { extensions: { code: 'SERVICE_UNAVAILABLE', subgraph, id } },
  );
}

/** The error for an outage whose cause is in the log already. */
export function loggedOutage(subgraph: string, id: string): GraphQLError {
  return new GraphQLError(
    `${subgraph} does not answer at the moment. Try again shortly; the hub's operators find the cause in their log as ${id}.`,
    { extensions: { code: 'SERVICE_UNAVAILABLE', subgraph, id } },
  );
}
