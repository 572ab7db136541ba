import type { GraphQLFormattedError } from 'graphql';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import type { SubgraphSource } from './subgraph-source.js';

/** The cursor, or what the subgraph said instead. */
export interface CursorAnswer {
  cursor?: string;
  errors: readonly GraphQLFormattedError[];
}

export type CursorOfNow = (
  subgraph: string,
  field: string,
  identity: InternalIdentity,
) => Promise<CursorAnswer>;

/** Asks a subgraph where its stream of changes stands, by the field of Query its `@resumable` names. */
export function cursorOfNow(sources: Readonly<Record<string, SubgraphSource>>): CursorOfNow {
  return async (subgraph, field, identity) => {
    const source = sources[subgraph];
    if (!source) throw new Error(`there is no data source for ${subgraph}`);
    const request = { query: `query CursorOfNow { cursor: ${field} }` };
    const { data, errors = [] } = await source.process({ request, context: { identity } });
    const cursor: unknown = data?.['cursor'];
    return typeof cursor === 'string' ? { cursor, errors } : { errors };
  };
}
