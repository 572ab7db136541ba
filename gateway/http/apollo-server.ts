import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Logger } from 'pino';
import type { FederatedGateway } from '../federation/federated-gateway.js';
import { maskFormatted } from '../faults/mask.js';
import { unauthenticated, type IdentitySettings } from '../identity/authentication.js';
import { asksOnlyForTheSchema } from '../identity/schema-questions.js';
import type { RequestContext } from '../request-context.js';

/** Queries and mutations. */
export function apolloServer(
  federation: FederatedGateway,
  identity: IdentitySettings,
  log: Logger,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: federation.apollo,
    nodeEnv: 'production',
    introspection: identity.oidcIssuer === undefined,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [ApolloServerPluginLandingPageDisabled(), tokenRequired(identity)],
    formatError: (shown, cause) => maskFormatted(log, shown, cause),
  });
}

/** The schema is open to look at, so that the sandbox can show it; everything else is for those who say who they are. */
function tokenRequired(settings: IdentitySettings): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ contextValue, document, operationName }) => {
        if (contextValue.identity || asksOnlyForTheSchema(document, operationName)) return;
        throw unauthenticated(
          settings,
          'This needs a token: send it as "authorization: Bearer <token>".',
        );
      },
    }),
  };
}
