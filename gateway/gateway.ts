import fastifyApollo from '@as-integrations/fastify';
import type { Logger } from 'pino';
import { SettingsError } from '../shared/env.js';
import { httpServer } from '../shared/http/http-server.js';
import { USUAL_TIMEOUTS, type ConnectionTimeouts } from '../shared/http/timeouts.js';
import { acceptWebSockets } from '../shared/http/upgrades.js';
import { projectPath } from '../shared/root.js';
import { tokenMint } from '../shared/identity/internal-tokens.js';
import type { Tracing } from '../shared/telemetry/tracing.js';
import { cursorOfNow } from './subgraph-http/current-cursor.js';
import { FederatedGateway } from './federated-gateway.js';
import { apolloServer } from './http/apollo-server.js';
import { clientAddress, trustedProxies } from './http/client-address.js';
import { answerErrors } from './http/error-responses.js';
import { answerHealth } from './http/health.js';
import { answerMetrics } from './http/metrics.js';
import { admitOrigins, crossOriginHeaders } from './http/cross-origin.js';
import { serveSandboxPage } from './http/sandbox-page.js';
import { issueSandboxTokens } from './http/sandbox-token.js';
import { storedNowhere } from './http/no-store.js';
import { authentication, type IdentitySettings } from './access/authentication/authentication.js';
import { Admission } from './limits/admission.js';
import { admitBodies } from './limits/bodies.js';
import { chargedTokens } from './limits/charged-authentication.js';
import { Connections } from './limits/connections.js';
import { limitsWith, type Limits } from './limits/limits.js';
import { OperationsUnderWay, type OperationLimits } from './limits/concurrent-operations.js';
import { readOperationList } from './limits/operation-list.js';
import { admittedOverHttp, refuseDeepParameters, resolveOverHttp } from './http/http-admission.js';
import { WatchRecords } from './recording/watch-records.js';
import { Drain, refuseUpgradeWhileEnding, refuseWhileEnding } from './lifecycle/drain.js';
import { Measures } from './monitoring/metrics.js';
import { SecurityEvents } from './monitoring/security-events.js';
import { FirstAnswers } from './lifecycle/startup-probes.js';
import { readiness } from './lifecycle/readiness.js';
import { SubgraphReadiness } from './lifecycle/subgraph-readiness.js';
import { EventStreams } from './subscriptions/delivery/event-streams.js';
import { SubscriptionHub } from './subscriptions/sharing/hub.js';
import {
  SUBSCRIPTION_LIMITS,
  type SubscriptionLimits,
} from './subscriptions/sharing/subscription-limits.js';
import { SubscriptionPreparation } from './subscriptions/planning/prepare.js';
import { Upstreams } from './subscriptions/upstream/upstreams.js';
import { WebSocketEndpoint } from './subscriptions/delivery/websocket.js';

/** Room for a bulk report of a thousand entries. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;
const USUAL_DRAIN_SECONDS = 15;

export interface GatewaySettings extends IdentitySettings {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  subgraphUrl: Readonly<Record<string, string>>;
  /** In development on, with an OpenID Connect issuer off, unless said. */
  introspection?: boolean | undefined;
  sandbox?: boolean | undefined;
  /** Origins of browser pages that may use the hub; none unless said. */
  corsOrigins?: readonly string[];
  /** What a caller may spend in a minute. */
  rateLimitCostPerMinute?: number;
  /** How many operations a caller may have under way, and how many more may wait; the usual numbers unless said. */
  operationLimits?: Partial<OperationLimits>;
  /** Other limits than the usual ones. */
  limits?: Partial<Limits>;
  /** File of the only operations that run. */
  persistedOperations?: string | undefined;
  /** Other limits of subscriptions than the usual ones. */
  subscriptionLimits?: Partial<SubscriptionLimits>;
  subgraphTimeoutMs?: Readonly<Record<string, number>>;
  /** How many questions may go in one request to a subgraph that takes lists of them. */
  subgraphBatchSize?: Readonly<Record<string, number>>;
  /** Without it the supergraph stays the committed one. */
  supergraphPollSeconds?: number;
  /** How long it may take to send clients elsewhere and to finish what has begun. */
  drainSeconds?: number;
  /** How long a client may take; the usual times unless said. */
  timeouts?: ConnectionTimeouts;
  /** Addresses of proxies whose `X-Forwarded-For` says where a client is; none unless said. */
  trustedProxies?: readonly string[];
}

export interface Gateway {
  url: string;
  /** How many watch what; for those who wait until somebody does. */
  subscriptions: Pick<SubscriptionHub, 'count'>;
  /** After this it has ended, or hangs. */
  longestEndMs: number;
  /** Lets requests finish, tells watchers to come again, and lets go of everything. */
  close(): Promise<void>;
}

/** Starts the one endpoint of the hub over a supergraph. Throws when it cannot listen or the supergraph cannot be used. */
export async function startGateway(
  settings: GatewaySettings,
  supergraphSdl: string,
  log: Logger,
  tracing?: Tracing,
): Promise<Gateway> {
  const { host, port, dataFolder, subgraphUrl } = settings;
  const mint = await tokenMint(dataFolder, 'gateway');
  const measures = new Measures();
  const events = new SecurityEvents(log, measures.securityEvent);
  const drain = new Drain(settings.drainSeconds ?? USUAL_DRAIN_SECONDS);
  const limits = {
    ...limitsWith({ costPerMinute: settings.rateLimitCostPerMinute }),
    ...settings.operationLimits,
    ...settings.limits,
  };
  const underWay = new OperationsUnderWay(limits);
  const federation = new FederatedGateway({
    supergraphSdl,
    dataFolder,
    pollSeconds: settings.supergraphPollSeconds ?? 0,
    subgraphUrl,
    subgraphTimeoutMs: settings.subgraphTimeoutMs ?? {},
    subgraphBatchSize: settings.subgraphBatchSize ?? {},
    mint,
    underWay,
    log,
    fetched: measures.fetched,
  });
  const isDevelopment = settings.oidcIssuer === undefined;
  const introspection = settings.introspection ?? isDevelopment;
  const list = settings.persistedOperations;
  const admission = new Admission(limits, list === undefined ? undefined : readOperationList(list));
  const connections = new Connections(limits, events);
  const operating = { ...settings, introspection };
  const apollo = apolloServer(federation, operating, admission, measures, events, log, tracing);
  await apollo.start();

  const upstreams = new Upstreams(subgraphUrl, mint);
  const preparation = new SubscriptionPreparation(() => federation.state);
  const subscriptionLimits = { ...SUBSCRIPTION_LIMITS, ...settings.subscriptionLimits };
  const watchRecords = new WatchRecords(({ subgraph, operation }, read, reader) => {
    const source = federation.sources[subgraph];
    if (!source) throw new Error(`there is no data source for ${subgraph}`);
    return source.record(operation, read, reader);
  }, log);
  const hub = new SubscriptionHub({
    prepare: (request, claims) => preparation.prepare(request, claims),
    limits: subscriptionLimits,
    measures,
    upstreams,
    sources: federation.sources,
    changes: federation.changes,
    cursorOfNow: cursorOfNow(federation.sources),
    watchRecords,
    log,
    tracing,
  });
  measures.observe({ federation, subscriptions: hub, underWay });
  federation.onChange(() => {
    hub.schemaChanged().catch((err: unknown) => log.error({ err }, 'fault in the gateway'));
  });
  const isTrusted = trustedProxies(settings.trustedProxies ?? []);
  const authenticate = chargedTokens(authentication(settings, log), admission, events);
  const streaming = {
    authenticate,
    admission,
    connections,
    events,
    suggestions: introspection,
    preparation,
    hub,
    subscriptionLimits,
    measures,
    apollo,
    log,
    tracing,
  };
  const webSockets = new WebSocketEndpoint(streaming, (request) =>
    clientAddress(request, isTrusted),
  );
  const eventStreams = new EventStreams(streaming);

  const firstAnswers = new FirstAnswers(federation.sources);
  const hasSandbox = settings.sandbox ?? isDevelopment;
  const crossOrigin = { ...settings, sandbox: hasSandbox };
  const app = httpServer({
    largestBodyBytes: LARGEST_BODY_BYTES,
    timeouts: settings.timeouts ?? USUAL_TIMEOUTS,
    trustProxy: isTrusted,
    earlyHeaders: crossOriginHeaders(crossOrigin),
  });
  answerErrors(app, log);
  await admitOrigins(app, crossOrigin);
  admitBodies(app, { admission, authenticate, events });
  const subgraphReadiness = new SubgraphReadiness(subgraphUrl);
  answerHealth(app, async () => {
    const away = await subgraphReadiness.away();
    return readiness(federation, drain.hasBegun, firstAnswers.missing, away);
  });
  answerMetrics(app, measures);
  if (hasSandbox) {
    issueSandboxTokens(app, settings);
    await serveSandboxPage(app, projectPath('gateway', 'sandbox', 'dist'));
  }
  const schema = () => federation.state.schema;
  const admitting = { admission, authenticate, events, settings, schema };
  await app.register(async (endpoints) => {
    endpoints.addHook('onRequest', storedNowhere);
    await endpoints.register(async (graphql) => {
      graphql.addHook('preHandler', refuseDeepParameters);
      if (admission.list) graphql.addHook('preHandler', resolveOverHttp(admission));
      await graphql.register(fastifyApollo(apollo), {
        path: '/graphql',
        context: (request, reply) => admittedOverHttp(admitting, request, reply),
      });
    });
    endpoints.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: '/graphql/stream',
      handler: (request, reply) =>
        drain.hasBegun ? refuseWhileEnding(reply) : eventStreams.handle(request, reply),
    });
  });
  acceptWebSockets(app.server, '/graphql', log, async (request, connection, head) => {
    if (drain.hasBegun) refuseUpgradeWhileEnding(connection);
    else if (await connections.admit(clientAddress(request, isTrusted), connection))
      webSockets.upgrade(request, connection, head);
  });
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SettingsError(
      `Port ${port} is taken by another program. Free it, or set PORT to another number.`,
    );
  });

  await firstAnswers.firstRound;

  return {
    url,
    subscriptions: hub,
    longestEndMs: drain.longestMs,
    async close() {
      firstAnswers.close();
      await drain.run(app, [webSockets, eventStreams]);
      upstreams.close();
      await watchRecords.close();
      await apollo.stop();
      await federation.close();
    },
  };
}
