import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/**
 * An outage that a subgraph explains to the caller: what was stored and what the caller can do. The gateway passes the message on
 * because of the mark `stated`; the message of any other outage may name hosts or statements and is masked. `id` is the one under
 * which the cause was logged, if the subgraph has logged it.
 */
export function statedOutage(message: string, id?: string): GraphQLError {
  const extensions = { code: 'SERVICE_UNAVAILABLE', stated: true, ...(id ? { id } : {}) };
  return new GraphQLError(message, { extensions });
}

/** Whether the message of an error was made by `statedOutage`, so that the caller may read it. */
export function isStatedOutage({ extensions }: Pick<GraphQLFormattedError, 'extensions'>): boolean {
  return extensions?.['code'] === 'SERVICE_UNAVAILABLE' && extensions['stated'] === true;
}
