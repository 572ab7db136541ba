import type { Server } from 'node:http';
import {
  createSourceEventStream,
  execute,
  parse,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Logger } from 'pino';
import { maskThrown } from '../errors/index.js';
import type { Caller, VerifyToken } from '../identity/index.js';
import type { Change } from '../outbox/index.js';
import { acceptWebSockets } from '../http/index.js';
import type { RunningService } from '../service-process.js';
import { faultOf, type TraceCarrier, type Tracing, within } from '../telemetry/index.js';
import {
  type Connection,
  closeForRestart,
  speakGraphql,
  webSocketServer,
} from '../websocket/index.js';
import { identify } from './identify.js';

export interface Subscriptions {
  schema: GraphQLSchema;
  log: Logger;
  verify: VerifyToken;
  tracing?: Tracing | undefined;
  context: (caller: Caller) => object;
}

interface ActiveSubscription extends ExecutionArgs {
  changes: AsyncIterator<Change>;
  caller: Caller;
  /** Names the trace in which it was subscribed to. */
  trace: TraceCarrier | undefined;
}

/** A message with the variables of a bulk call fits. */
const LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * Serves subscriptions over graphql-transport-ws on `/graphql`. The socket belongs to a service of the hub; on whose behalf
 * it subscribes is stated with each subscription, in `extensions.authorization`, because one socket carries those of many.
 */
export function serveSubscriptions(
  http: Server,
  { schema, log, verify, tracing, context }: Subscriptions,
): RunningService {
  const sockets = webSocketServer(LARGEST_MESSAGE_BYTES);
  acceptWebSockets(http, '/graphql', log, (request, connection, head) =>
    sockets.handleUpgrade(request, connection, head, (socket) =>
      sockets.emit('connection', socket, request),
    ),
  );

  const masked = (error: unknown) => maskThrown(log, error);
  const maskedResult = ({ errors, ...result }: ExecutionResult): ExecutionResult =>
    errors ? { ...result, errors: errors.map(masked) } : result;

  /** Opens the changes that a subscription selects. Its faults are thrown or returned here and end it as an error. */
  const open: NonNullable<ServerOptions['onSubscribe']> = async (_, __, payload) => {
    try {
      const caller = await identify(verify, payload.extensions?.['authorization']);
      const document = parse(payload.query);
      const faults = validate(schema, document);
      if (faults.length > 0) return faults;
      const args = {
        schema,
        document,
        operationName: payload.operationName,
        variableValues: payload.variables,
        contextValue: context(caller),
      };
      const changes = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in changes)) return changes.errors!.map(masked);
      const opened: ActiveSubscription = {
        ...args,
        caller,
        trace: payload.extensions ?? undefined,
        changes: (changes as AsyncIterable<Change>)[Symbol.asyncIterator](),
      };
      return opened;
    } catch (error) {
      return [masked(error)];
    }
  };

  /** One result per change. Every page of changes gets a context of its own: stores remember, and the world has moved on. */
  const results = ({ changes, caller, trace, ...args }: ActiveSubscription) => {
    let page: Change['page'] | undefined;
    let contextValue = args.contextValue as object;
    const resultOf = async (change: Change): Promise<ExecutionResult> => {
      if (change.page !== page) {
        page = change.page;
        contextValue = context(caller);
        page.readAhead(contextValue);
      }
      return maskedResult(await execute({ ...args, rootValue: change, contextValue }));
    };
    /** Puts the trace into the result, for services that do more for the same change. */
    const tracedResultOf = async (change: Change, by: Tracing): Promise<ExecutionResult> => {
      const span = by.begin('event', undefined, { side: 'server', follows: trace });
      const result = await within(span, () => resultOf(change));
      span.end(faultOf(result.errors));
      return { ...result, extensions: span.headers };
    };
    const over = { value: undefined, done: true } as const;
    /** Its client completed it: a result that is still being made may belong to nobody any more. */
    let isLeft = false;
    const leave = async () => {
      isLeft = true;
      await changes.return?.();
    };
    const iterator: AsyncGenerator<ExecutionResult> = {
      next: async () => {
        const next = await changes.next();
        if (next.done || isLeft) return over;
        const change = next.value;
        const value = await (tracing ? tracedResultOf(change, tracing) : resultOf(change));
        return isLeft ? over : { value, done: false };
      },
      return: async () => {
        await leave();
        return over;
      },
      throw: async (error) => {
        await leave();
        throw error;
      },
      [Symbol.asyncIterator]: () => iterator,
      [Symbol.asyncDispose]: leave,
    };
    return iterator;
  };

  speakGraphql<Connection>(
    {
      onConnect: async ({ connectionParams }) => {
        try {
          await identify(verify, connectionParams?.['authorization']);
          return true;
        } catch {
          return false; // closes with 4403 Forbidden
        }
      },
      onSubscribe: open,
      subscribe: (args) => results(args as unknown as ActiveSubscription),
    },
    sockets,
    log,
  );
  return {
    async close() {
      await Promise.all([...sockets.clients].map(closeForRestart));
      sockets.close();
    },
  };
}
