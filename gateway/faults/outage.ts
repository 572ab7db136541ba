import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { recordFault } from '../../shared/errors/fault-log.js';

/**
 * A subgraph that cannot be reached or answers with something that is not GraphQL. The cause, which may hold addresses,
 * goes to the log alone; the caller gets the id under which it stands there.
 */
export function outage(log: Logger, subgraph: string, cause: unknown): GraphQLError {
  const id = recordFault(log, 'a subgraph does not answer', { subgraph, err: cause });
  return loggedOutage(subgraph, id);
}

/** A subgraph that could not store who reads what it sent, so that it may not be shown. */
export function unrecorded(log: Logger, subgraph: string, cause: unknown): GraphQLError {
  const line = 'reads could not be recorded, and were withheld';
  const id = recordFault(log, line, { subgraph, err: cause });
  return new GraphQLError(
    `Who reads this could not be recorded by ${subgraph}, so it is withheld. Try again shortly; the hub's operators find the cause in their log as ${id}.`,
    { extensions: { code: 'SERVICE_UNAVAILABLE', subgraph, id } },
  );
}

/** The same for one whose cause is in the log already. */
export function loggedOutage(subgraph: string, id: string): GraphQLError {
  return new GraphQLError(
    `${subgraph} does not answer at the moment. Try again shortly; the hub's operators find the cause in their log as ${id}.`,
    { extensions: { code: 'SERVICE_UNAVAILABLE', subgraph, id } },
  );
}
