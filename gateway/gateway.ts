import fastifyApollo from '@as-integrations/fastify';
import type { Logger } from 'pino';
import { SettingsError } from '../shared/env.js';
import { acceptWebSockets, httpServer, serveMetrics } from '../shared/http/index.js';
import { USUAL_TIMEOUTS, type ConnectionTimeouts } from '../shared/connection-timeouts.js';
import { projectPath } from '../shared/root.js';
import { tokenMint } from '../shared/identity/index.js';
import type { Tracing } from '../shared/telemetry/index.js';
import { currentCursorReader } from './subgraph-http/index.js';
import { FederatedGateway } from './federated-gateway.js';
import {
  apolloServer,
  clientAddress,
  trustedProxies,
  handleErrors,
  serveHealth,
  admitOrigins,
  crossOriginHeaders,
  serveSandboxPage,
  issueSandboxTokens,
  noStore,
  admitHttpRequest,
  refuseDeepParameters,
  resolveListedOperation,
} from './http/index.js';
import { authentication, type IdentitySettings } from './access/index.js';
import {
  Admission,
  admitBodies,
  chargedAuthentication,
  Connections,
  limitsWith,
  type Limits,
  ConcurrentOperations,
  type OperationLimits,
  readOperationList,
} from './limits/index.js';
import { SubscriptionRecorder } from './recording/index.js';
import {
  Drain,
  refuseUpgradeWhileDraining,
  refuseWhileDraining,
  StartupProbes,
  readiness,
  SubgraphReadiness,
} from './lifecycle/index.js';
import { Metrics, SecurityEvents } from './monitoring/index.js';
import {
  EventStreams,
  SubscriptionHub,
  SUBSCRIPTION_LIMITS,
  type SubscriptionLimits,
  SubscriptionPreparation,
  Upstreams,
  WebSocketEndpoint,
} from './subscriptions/index.js';

/** Room for a bulk report of a thousand entries. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;
const DEFAULT_DRAIN_SECONDS = 15;

export interface GatewaySettings extends IdentitySettings {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  subgraphUrl: Readonly<Record<string, string>>;
  /** By default on in development and off with an OpenID Connect issuer. */
  introspection?: boolean | undefined;
  sandbox?: boolean | undefined;
  /** Origins of browser pages that may use the hub; none by default. */
  corsOrigins?: readonly string[];
  /** Cost that a caller may spend in a minute. */
  rateLimitCostPerMinute?: number;
  /** How many operations of a caller may run at the same time, and how many more may wait. */
  operationLimits?: Partial<OperationLimits>;
  /** Limits that differ from the defaults. */
  limits?: Partial<Limits>;
  /** File of the only operations that may run. */
  persistedOperations?: string | undefined;
  /** Limits of subscriptions that differ from the defaults. */
  subscriptionLimits?: Partial<SubscriptionLimits>;
  subgraphTimeoutMs?: Readonly<Record<string, number>>;
  /** The largest number of requests in one batch, by subgraph. */
  subgraphBatchSize?: Readonly<Record<string, number>>;
  /** Without it the committed supergraph stays current. */
  supergraphPollSeconds?: number;
  /** Digest of the schemas from which the committed supergraph was composed, if known: from the same ones it is not composed again. */
  committedSchemas?: string | undefined;
  /** Time to disconnect clients and to finish running requests. */
  drainSeconds?: number;
  /** Timeouts of client connections. */
  timeouts?: ConnectionTimeouts;
  /** Addresses of proxies whose `X-Forwarded-For` is trusted; none by default. */
  trustedProxies?: readonly string[];
}

export interface Gateway {
  url: string;
  /** Counts subscriptions, for tests that wait for one. */
  subscriptions: Pick<SubscriptionHub, 'count'>;
  /** The longest time that `close` takes. */
  longestEndMs: number;
  /** Finishes requests, asks subscribers to reconnect, and releases all resources. */
  close(): Promise<void>;
}

/** Starts the endpoint of the hub for a supergraph. Throws when it cannot listen or the supergraph cannot be used. */
export async function startGateway(
  settings: GatewaySettings,
  supergraphSdl: string,
  log: Logger,
  tracing?: Tracing,
): Promise<Gateway> {
  const { host, port, dataFolder, subgraphUrl } = settings;
  const mint = await tokenMint(dataFolder, 'gateway');
  const metrics = new Metrics();
  const events = new SecurityEvents(log, metrics.countSecurityEvent);
  const drain = new Drain(settings.drainSeconds ?? DEFAULT_DRAIN_SECONDS);
  const limits = {
    ...limitsWith({ costPerMinute: settings.rateLimitCostPerMinute }),
    ...settings.operationLimits,
    ...settings.limits,
  };
  const operations = new ConcurrentOperations(limits);
  const federation = new FederatedGateway({
    supergraphSdl,
    committedSchemas: settings.committedSchemas,
    dataFolder,
    pollSeconds: settings.supergraphPollSeconds ?? 0,
    subgraphUrl,
    subgraphTimeoutMs: settings.subgraphTimeoutMs ?? {},
    subgraphBatchSize: settings.subgraphBatchSize ?? {},
    mint,
    slots: operations,
    log,
    fetched: metrics.observeFetch,
  });
  const isDevelopment = settings.oidcIssuer === undefined;
  const introspection = settings.introspection ?? isDevelopment;
  const list = settings.persistedOperations;
  const admission = new Admission(limits, list === undefined ? undefined : readOperationList(list));
  const connections = new Connections(limits, events);
  const operating = { ...settings, introspection };
  const apollo = apolloServer(federation, operating, admission, metrics, events, log, tracing);
  await apollo.start();

  const upstreams = new Upstreams(subgraphUrl, mint);
  const preparation = new SubscriptionPreparation(() => federation.state);
  const subscriptionLimits = { ...SUBSCRIPTION_LIMITS, ...settings.subscriptionLimits };
  const subscriptionRecorder = new SubscriptionRecorder(({ subgraph, operation }, read, reader) => {
    const source = federation.sources[subgraph];
    if (!source) throw new Error(`there is no data source for ${subgraph}`);
    return source.record(operation, read, reader);
  }, log);
  const hub = new SubscriptionHub({
    prepare: (request, claims) => preparation.prepare(request, claims),
    limits: subscriptionLimits,
    metrics,
    upstreams,
    sources: federation.sources,
    writes: federation.writes,
    readCurrentCursor: currentCursorReader(federation.sources),
    subscriptionRecorder,
    log,
    tracing,
  });
  metrics.observe({ federation, subscriptions: hub, operations });
  federation.onChange(() => {
    hub.schemaChanged().catch((err: unknown) => log.error({ err }, 'fault in the gateway'));
  });
  const isTrusted = trustedProxies(settings.trustedProxies ?? []);
  const authenticate = chargedAuthentication(authentication(settings, log), admission, events);
  const streaming = {
    authenticate,
    admission,
    connections,
    events,
    suggestions: introspection,
    preparation,
    hub,
    subscriptionLimits,
    metrics,
    apollo,
    log,
    tracing,
  };
  const webSockets = new WebSocketEndpoint(streaming, (request) =>
    clientAddress(request, isTrusted),
  );
  const eventStreams = new EventStreams(streaming);

  const startupProbes = new StartupProbes(federation.sources);
  const hasSandbox = settings.sandbox ?? isDevelopment;
  const crossOrigin = { ...settings, sandbox: hasSandbox };
  const app = httpServer({
    largestBodyBytes: LARGEST_BODY_BYTES,
    timeouts: settings.timeouts ?? USUAL_TIMEOUTS,
    trustProxy: isTrusted,
    earlyHeaders: crossOriginHeaders(crossOrigin),
  });
  handleErrors(app, log);
  await admitOrigins(app, crossOrigin);
  admitBodies(app, { admission, authenticate, events });
  const subgraphReadiness = new SubgraphReadiness(subgraphUrl);
  serveHealth(app, async () => {
    const unready = await subgraphReadiness.unready();
    return readiness(federation, drain.hasBegun, startupProbes.missing, unready);
  });
  serveMetrics(app, metrics.registry);
  if (hasSandbox) {
    issueSandboxTokens(app, settings);
    await serveSandboxPage(app, projectPath('gateway', 'sandbox', 'dist'));
  }
  const schema = () => federation.state.schema;
  const admitting = { admission, authenticate, events, settings, schema };
  await app.register(async (endpoints) => {
    endpoints.addHook('onRequest', noStore);
    await endpoints.register(async (graphql) => {
      graphql.addHook('preHandler', refuseDeepParameters);
      if (admission.list) graphql.addHook('preHandler', resolveListedOperation(admission));
      await graphql.register(fastifyApollo(apollo), {
        path: '/graphql',
        context: (request, reply) => admitHttpRequest(admitting, request, reply),
      });
    });
    endpoints.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: '/graphql/stream',
      handler: (request, reply) =>
        drain.hasBegun ? refuseWhileDraining(reply) : eventStreams.handle(request, reply),
    });
  });
  acceptWebSockets(app.server, '/graphql', log, async (request, connection, head) => {
    if (drain.hasBegun) refuseUpgradeWhileDraining(connection);
    else if (await connections.admit(clientAddress(request, isTrusted), connection))
      webSockets.upgrade(request, connection, head);
  });
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SettingsError(
      `Port ${port} is used by another program. Free it, or set PORT to another number.`,
    );
  });

  await startupProbes.firstRound;

  return {
    url,
    subscriptions: hub,
    longestEndMs: drain.longestMs,
    async close() {
      startupProbes.close();
      await drain.run(app, [webSockets, eventStreams]);
      upstreams.close();
      await subscriptionRecorder.close();
      await apollo.stop();
      await federation.close();
    },
  };
}
