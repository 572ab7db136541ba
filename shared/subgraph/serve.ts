import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { Kind, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { checkAreaArguments } from '../areas/index.js';
import { httpServer, METRICS_PATH, serveMetrics } from '../http/index.js';
import { USUAL_TIMEOUTS, type ConnectionTimeouts } from '../connection-timeouts.js';
import { maskError } from '../errors/index.js';
import type { Caller, VerifyToken } from '../identity/index.js';
import { checkTextArguments } from '../text/index.js';
import type { RunningService } from '../service-process.js';
import type { Tracing } from '../telemetry/index.js';
import { changesNeedTheirToken } from './change-rights.js';
import { cursorFirst, type StreamContext } from './cursor-first.js';
import { freshAfterChange, freshInBatch, renewable } from './fresh-stores.js';
import { readIdArguments } from './id-arguments.js';
import { identifyRequests } from './identify.js';
import { cancelWithRequests } from './request-work.js';
import { typeDefsOf } from './type-defs.js';
import { serveSubscriptions } from './subscriptions.js';
import { recordOperations, traceRequests } from './traced-requests.js';

/** The context of every request of a subgraph. */
export interface RequestContext extends BaseContext, StreamContext {
  caller: Caller;
}

/** The parts that make a subgraph, beside its schema files. */
export interface Subgraph<Context extends RequestContext> {
  name: string;
  /** Its whole schema, if that is not in the files of its folder. */
  typeDefs?: DocumentNode;
  /** The query field that gives the cursor of the stream of changes. */
  cursorField: string;
  /** One map per concept, typed by the subgraph's generated types. */
  resolvers: readonly object[];
  /** Finishes the schema, which the servers of one process share: what differs between them comes from the context. */
  finishSchema?(schema: GraphQLSchema): void;
  /** Plugins of Apollo Server for each request over HTTP. */
  plugins?: readonly ApolloServerPlugin<Context>[];
  /** A context for one request, or for one page of events: the stores behind it remember what they have read. */
  context(caller: Caller, now: Date): Context;
  /** Metrics of this subgraph, served beside those of its process. */
  metrics?: Registry;
  /** Whether it could answer now; without it whenever it runs. */
  isReady?: () => Promise<boolean>;
}

export interface SubgraphServer {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  verify: VerifyToken;
  log: Logger;
  now: () => Date;
  tracing?: Tracing | undefined;
  /** How long a client may take; USUAL_TIMEOUTS unless stated. */
  timeouts?: ConnectionTimeouts;
}

/** The largest request: 1,000 reports are about 300 KB. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

const HEALTH_PATH = '/healthz';
const READINESS_PATH = '/readyz';

/** Serves a subgraph over HTTP and graphql-transport-ws on `/graphql`. */
export async function serveSubgraph<Context extends RequestContext>(
  subgraph: Subgraph<Context>,
  { host, port, verify, log, now, tracing, timeouts = USUAL_TIMEOUTS }: SubgraphServer,
): Promise<RunningService & { url: string }> {
  const schema = finishedSchema(subgraph);
  const http = httpServer({ largestBodyBytes: LARGEST_BODY_BYTES, timeouts });
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    // Only gateways ask, and each of theirs has its limits; how many they send at once is their setting.
    allowBatchedHttpRequests: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    // The process ends in one order, see runService; Apollo's own signal handlers would wait for themselves.
    stopOnTerminationSignals: false,
    logger: log,
    formatError: (formatted, error) => maskError(log, formatted, error),
    plugins: [
      fastifyApolloDrainPlugin(http),
      // Only for a gateway that requests it, and without the texts of errors.
      ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
      ...(tracing ? [recordOperations<Context>()] : []),
      changesNeedTheirToken<Context>(),
      freshInBatch<Context>(),
      cursorFirst<Context>(subgraph.cursorField),
      ...(subgraph.plugins ?? []),
    ],
  });
  await apollo.start();
  const callerOf = identifyRequests(http, verify, [HEALTH_PATH, READINESS_PATH, METRICS_PATH]);
  cancelWithRequests(http);
  if (tracing) traceRequests(http, tracing);
  await http.register(fastifyApollo(apollo), {
    context: async (request) => {
      const caller = callerOf(request);
      const instant = now();
      return renewable(() => subgraph.context(caller, instant));
    },
  });
  http.get(HEALTH_PATH, () => ({ status: 'alive' }));
  serveMetrics(http, subgraph.metrics ?? new Registry());
  http.get(READINESS_PATH, async (_request, reply) => {
    if ((await subgraph.isReady?.()) ?? true) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready: the database does not answer' });
  });
  const subscriptions = serveSubscriptions(http.server, {
    schema,
    log,
    verify,
    tracing,
    context: (caller) => subgraph.context(caller, now()),
  });
  await http.listen({ host, port });
  const { port: actual } = http.server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${actual}/graphql`,
    async close() {
      await subscriptions.close();
      await apollo.stop();
      await http.close();
    },
  };
}

/** The schemas of this process, by their resolvers. A service has one; the tests that one process runs start it again and again. */
const finished = new WeakMap<readonly object[], GraphQLSchema>();

function finishedSchema({
  name,
  typeDefs,
  resolvers,
  finishSchema,
}: Pick<Subgraph<RequestContext>, 'name' | 'typeDefs' | 'resolvers' | 'finishSchema'>) {
  const known = typeDefs ? undefined : finished.get(resolvers);
  if (known) return known;
  const schema = schemaOf(typeDefs ?? typeDefsOf(name), resolvers);
  finishSchema?.(schema);
  if (!typeDefs) finished.set(resolvers, schema);
  return schema;
}

/** The maps of all concepts beside the whole schema: a concept may add fields to another's type. */
function schemaOf(typeDefs: DocumentNode, resolvers: readonly object[]) {
  const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
  const schema = buildSubgraphSchema([
    typeDefs,
    ...resolvers.map((concept) => ({
      typeDefs: nothing,
      resolvers: freshAfterChange(concept) as GraphQLResolverMap<unknown>,
    })),
  ]);
  readIdArguments(schema);
  checkAreaArguments(schema);
  checkTextArguments(schema);
  return schema;
}
