import type { GraphQLFormattedError } from 'graphql';
import type { InternalIdentity } from '../../shared/identity/index.js';
import type { SubgraphSource } from './subgraph-source.js';

/** The cursor, or the errors that the subgraph returned instead. */
export interface CurrentCursor {
  cursor?: string;
  errors: readonly GraphQLFormattedError[];
}

export type ReadCurrentCursor = (
  subgraph: string,
  field: string,
  identity: InternalIdentity,
) => Promise<CurrentCursor>;

/** Reads the current position in a subgraph's stream of changes, by the field of Query that its `@resumable` names. */
export function currentCursorReader(
  sources: Readonly<Record<string, SubgraphSource>>,
): ReadCurrentCursor {
  return async (subgraph, field, identity) => {
    const source = sources[subgraph];
    if (!source) throw new Error(`there is no data source for ${subgraph}`);
    const request = { query: `query CurrentCursor { cursor: ${field} }` };
    const { data, errors = [] } = await source.process({ request, context: { identity } });
    const cursor: unknown = data?.['cursor'];
    return typeof cursor === 'string' ? { cursor, errors } : { errors };
  };
}
