import { GraphQLError, parse } from 'graphql';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import { PushStream } from './push-stream.js';
import type { SubgraphDefinition } from './subgraph.js';

const typeDefs = parse(`
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://specs.vierblatt.dev/resumable/v1.0", import: ["@resumable"])
    @composeDirective(name: "@resumable")
  directive @resumable(cursor: String!, caughtUp: String, argument: String!, now: String) on FIELD_DEFINITION
  type Query { stockCursor: String }
  type Subscription {
    stockChanged(shelf: String, after: String): StockChange
      @resumable(cursor: "cursor", argument: "after", now: "stockCursor")
    rumours(after: String): StockChange @resumable(cursor: "cursor", argument: "after")
    stockWatched(after: String): WatchedStock
      @resumable(cursor: "cursor", caughtUp: "caughtUp", argument: "after", now: "stockCursor")
  }
  type StockChange { cursor: String! count: Int! note: String product: Product! }
  type WatchedStock { cursor: String! caughtUp: Boolean! product: StoredProduct }
  type StoredProduct { count: Int! }
  type Product @key(fields: "upc", resolvable: false) { upc: ID! }
`);

interface Change {
  position: number;
  count: number;
  note?: string;
}

/** A change, or a mark with a name of its own. */
type StockMessage = Change | { mark: string };

const cursorOf = (position: number) => `cursor-${position}`;
const EXPIRED = 'cursor-of-last-year';

/** A stream of changes that can be resumed, like that of a real subgraph: it outlives the process that serves it. */
export function warehouse() {
  const log: Change[] = [];
  const live = new PushStream<Change>();
  const watched = new PushStream<StockMessage>();
  /** The positions of marks, by their names. */
  const marks = new Map<string, number>();
  const newMark = () => {
    const mark = `mark-${marks.size + 1}`;
    marks.set(mark, log.length);
    return { mark };
  };
  const positionOf = (cursor: string) =>
    marks.get(cursor) ?? Number(cursor.slice('cursor-'.length));
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
        stockWatched: {
          subscribe: (_: unknown, { after }: { after?: string }) => {
            if (after === undefined) return watched.listen([]);
            const missed = log.filter(({ position }) => position > positionOf(after));
            return watched.listen([...missed, newMark()]);
          },
          resolve: (change: StockMessage) =>
            'mark' in change
              ? { cursor: change.mark, caughtUp: true, product: null }
              : { cursor: cursorOf(change.position), caughtUp: false, product: change },
        },
      },
    },
  };
  return {
    definition,
    live,
    /** The listeners of `stockWatched`, which get marks. */
    watched,
    /** Sends a mark, as the clock does. */
    mark: () => watched.push(newMark()),
    /** Codes with which the next readings of a change fail, one each. */
    failures,
    /** Records a change whether or not anybody subscribes. */
    change(count: number, note?: string): void {
      const change = { position: log.length + 1, count, ...(note === undefined ? {} : { note }) };
      log.push(change);
      live.push(change);
      watched.push(change);
    },
    cursorOf,
    expiredCursor: EXPIRED,
  };
}
