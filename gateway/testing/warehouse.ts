import { GraphQLError, parse } from 'graphql';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import { PushStream } from './push-stream.js';
import type { SubgraphDefinition } from './subgraph.js';

const typeDefs = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://specs.vierblatt.dev/resumable/v1.0", import: ["@resumable"])
    @composeDirective(name: "@resumable")
  directive @resumable(cursor: String!, argument: String!, now: String) on FIELD_DEFINITION
  type Query { stockCursor: String }
  type Subscription {
    stockChanged(shelf: String, after: String): StockChange
      @resumable(cursor: "cursor", argument: "after", now: "stockCursor")
    rumours(after: String): StockChange @resumable(cursor: "cursor", argument: "after")
  }
  type StockChange { cursor: String! count: Int! note: String product: Product! }
  type Product @key(fields: "upc", resolvable: false) { upc: ID! }
`);

interface Change {
  position: number;
  count: number;
  note?: string;
}

const cursorOf = (position: number) => `cursor-${position}`;
const EXPIRED = 'cursor-of-last-year';

/** A stream of changes that can be resumed, like that of a real subgraph: it outlives the process that serves it. */
export function warehouse() {
  const log: Change[] = [];
  const live = new PushStream<Change>();
  const failures: string[] = [];
  const watch = (_: unknown, { after }: { after?: string }) => {
    if (after === EXPIRED) {
      throw new GraphQLError('too old, query again', { extensions: { code: 'CURSOR_EXPIRED' } });
    }
    const since = after === undefined ? Infinity : Number(after.slice('cursor-'.length));
    return live.listen(log.filter(({ position }) => position > since));
  };
  const resolve = ({ position, ...change }: Change) => {
    const code = failures.shift();
    if (code !== undefined) throw new GraphQLError('not read', { extensions: { code } });
    return { ...change, cursor: cursorOf(position), product: { upc: '1' } };
  };
  const definition: SubgraphDefinition = {
    name: 'warehouse',
    typeDefs,
    resolvers: {
      Query: {
        stockCursor: (_: unknown, __: unknown, { caller }: { caller: InternalIdentity }) => {
          if (!caller.claims.roles.includes('partner')) return cursorOf(log.length);
          throw new GraphQLError('not for partners', { extensions: { code: 'FORBIDDEN' } });
        },
      },
      Subscription: {
        stockChanged: { subscribe: watch, resolve },
        rumours: { subscribe: watch, resolve },
      },
    },
  };
  return {
    definition,
    live,
    /** Codes with which the next readings of a change fail, one each. */
    failures,
    /** Records a change whether or not anybody subscribes. */
    change(count: number, note?: string): void {
      const change = { position: log.length + 1, count, ...(note === undefined ? {} : { note }) };
      log.push(change);
      live.push(change);
    },
    cursorOf,
    expiredCursor: EXPIRED,
  };
}
