import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { FormattedExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { maskFormatted } from '../faults/index.js';
import type { IdentitySettings } from '../access/index.js';
import {
  type Admission,
  operationAdmission,
  MAX_TOKENS,
  shownWithoutSuggestions,
} from '../limits/index.js';
import type { Tracing } from '../../shared/telemetry/index.js';
import {
  requestObservation,
  type SecurityEvents,
  type Metrics,
  requestSpans,
} from '../monitoring/index.js';
import type { RequestContext } from '../core/index.js';
import type { SupergraphState } from '../supergraph/index.js';

export interface OperationSettings extends IdentitySettings {
  /** Whether introspection is on, and error messages contain suggestions. */
  introspection: boolean;
}

/** The executor of operations, and its supergraph. */
interface ExecutingFederation {
  restricted: NonNullable<ApolloServerOptions<RequestContext>['gateway']>;
  documents: NonNullable<ApolloServerOptions<RequestContext>['documentStore']>;
  state: SupergraphState;
}

/** Creates the server for queries and mutations. */
export function apolloServer(
  federation: ExecutingFederation,
  settings: OperationSettings,
  admission: Admission,
  metrics: Metrics,
  events: SecurityEvents,
  log: Logger,
  tracing?: Tracing,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: federation.restricted,
    nodeEnv: 'production',
    introspection: settings.introspection,
    documentStore: federation.documents,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    ...(admission.list ? { persistedQueries: { cache: admission.list.asCache } } : {}),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // Its result would be the same for each request: no response may be stored.
      ApolloServerPluginCacheControlDisabled(),
      requestObservation(metrics, events),
      ...(tracing ? [requestSpans(tracing)] : []),
      operationAdmission(settings, admission, () => federation.state),
    ],
    stringifyResult: cachedStringify(),
    formatError: (shown, cause) => {
      const masked = maskFormatted(log, shown, cause);
      return settings.introspection ? masked : shownWithoutSuggestions(masked);
    },
  });
}

/** Data that several requests share is one object, which is serialised once. */
function cachedStringify() {
  const texts = new WeakMap<object, string>();
  return ({ data, errors, extensions }: FormattedExecutionResult): string => {
    if (!data || errors || extensions) return JSON.stringify({ errors, data, extensions });
    const text = texts.get(data) ?? JSON.stringify({ data });
    texts.set(data, text);
    return text;
  };
}
