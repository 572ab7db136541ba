import fastifyApollo from '@as-integrations/fastify';
import fastify from 'fastify';
import type { Logger } from 'pino';
import { SettingsError } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import { tokenMint } from '../shared/identity/internal-tokens.js';
import { cursorOfNow } from './federation/cursor-of-now.js';
import { FederatedGateway } from './federation/federated-gateway.js';
import { apolloServer } from './http/apollo-server.js';
import { answerErrors } from './http/error-answers.js';
import { answerHealth } from './http/health.js';
import { refuseSubscriptions } from './http/refuse-subscriptions.js';
import { serveSandboxPage } from './http/sandbox-page.js';
import { issueSandboxTokens } from './http/sandbox-token.js';
import { authentication, type IdentitySettings } from './identity/authentication.js';
import { EventStreams } from './subscriptions/delivery/event-streams.js';
import { SubscriptionHub } from './subscriptions/sharing/hub.js';
import { SubscriptionPreparation } from './subscriptions/planning/prepare.js';
import { Upstreams } from './subscriptions/upstream/upstreams.js';
import { WebSocketEndpoint } from './subscriptions/delivery/websocket.js';

/** Room for a bulk report of a thousand entries. */
const LARGEST_BODY_BYTES = 2 * 1024 * 1024;
const SUBGRAPH_TIMEOUT_MS = 10_000;
/** For requests that still run when the gateway ends; the starter waits 3 s. */
const FINISH_WITHIN_MS = 2_000;

export interface GatewaySettings extends IdentitySettings {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  subgraphUrl: Readonly<Record<string, string>>;
  subgraphTimeoutMs?: number;
}

export interface Gateway {
  url: string;
  /** How many watch what; for those who wait until somebody does. */
  subscriptions: Pick<SubscriptionHub, 'count'>;
  /** Lets requests finish, tells watchers to come again, and lets go of everything. */
  close(): Promise<void>;
}

/** Starts the one endpoint of the hub over a supergraph. Throws when it cannot listen or the supergraph cannot be used. */
export async function startGateway(
  settings: GatewaySettings,
  supergraphSdl: string,
  log: Logger,
): Promise<Gateway> {
  const { host, port, dataFolder, subgraphUrl } = settings;
  const mint = await tokenMint(dataFolder, 'gateway');
  const federation = new FederatedGateway({
    supergraphSdl,
    subgraphUrl,
    subgraphTimeoutMs: settings.subgraphTimeoutMs ?? SUBGRAPH_TIMEOUT_MS,
    mint,
    log,
  });
  const apollo = apolloServer(federation, settings, log);
  await apollo.start();

  const upstreams = new Upstreams(subgraphUrl, mint);
  const hub = new SubscriptionHub({
    upstreams,
    sources: federation.sources,
    cursorOfNow: cursorOfNow(federation.sources),
    log,
  });
  const authenticate = authentication(settings, log);
  const preparation = new SubscriptionPreparation(() => federation.state);
  const streaming = { authenticate, preparation, hub, apollo, log };
  const webSockets = new WebSocketEndpoint(streaming);
  const eventStreams = new EventStreams(streaming);

  const app = fastify({ bodyLimit: LARGEST_BODY_BYTES, forceCloseConnections: 'idle' });
  answerErrors(app, log);
  answerHealth(app, () => federation.isLoaded);
  issueSandboxTokens(app, settings);
  await serveSandboxPage(app, projectPath('gateway', 'sandbox', 'dist'));
  await app.register(async (graphql) => {
    graphql.addHook('preHandler', refuseSubscriptions);
    await graphql.register(fastifyApollo(apollo), {
      path: '/graphql',
      context: async ({ headers: { authorization } }) =>
        authorization === undefined ? {} : { identity: await authenticate(authorization) },
    });
  });
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: '/graphql/stream',
    handler: (request, reply) => eventStreams.handle(request, reply),
  });
  app.server.on('upgrade', (request, connection, head) => {
    if (new URL(request.url ?? '', 'http://hub').pathname === '/graphql') {
      webSockets.upgrade(request, connection, head);
    } else {
      connection.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    }
  });
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SettingsError(
      `Port ${port} is taken by another program. Free it, or set PORT to another number.`,
    );
  });

  return {
    url,
    subscriptions: hub,
    async close() {
      const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS);
      eventStreams.close();
      await Promise.all([webSockets.close(), app.close()]);
      clearTimeout(cut);
      upstreams.close();
      await apollo.stop();
      await federation.close();
    },
  };
}
