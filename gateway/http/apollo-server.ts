import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { FormattedExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import type { FederatedGateway } from '../federated-gateway.js';
import { maskFormatted } from '../faults/mask.js';
import type { IdentitySettings } from '../access/authentication/authentication.js';
import type { Admission } from '../limits/admission.js';
import { admittedOperations } from '../limits/operation-admission.js';
import { MOST_TOKENS } from '../limits/limits.js';
import { shownWithoutSuggestions } from '../limits/suggestions.js';
import type { Tracing } from '../../shared/telemetry/tracing.js';
import { measuredRequests } from '../monitoring/request-metrics.js';
import type { SecurityEvents } from '../monitoring/security-events.js';
import { watchedRequests } from '../monitoring/request-security-events.js';
import type { Measures } from '../monitoring/metrics.js';
import { tracedRequests } from '../monitoring/request-spans.js';
import type { RequestContext } from '../core/request-context.js';

export interface OperationSettings extends IdentitySettings {
  /** Whether clients may ask for the schema, and are told what they may have meant. */
  introspection: boolean;
}

/** Queries and mutations. */
export function apolloServer(
  federation: FederatedGateway,
  settings: OperationSettings,
  admission: Admission,
  measures: Measures,
  events: SecurityEvents,
  log: Logger,
  tracing?: Tracing,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: federation.restricted,
    nodeEnv: 'production',
    introspection: settings.introspection,
    documentStore: federation.documents,
    parseOptions: { maxLexicalTokens: MOST_TOKENS },
    ...(admission.list ? { persistedQueries: { cache: admission.list.asCache } } : {}),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // What it would find out for each request is known of all: no answer may be stored.
      ApolloServerPluginCacheControlDisabled(),
      measuredRequests(measures),
      watchedRequests(events),
      ...(tracing ? [tracedRequests(tracing)] : []),
      admittedOperations(settings, admission, () => federation.state),
    ],
    stringifyResult: writtenOnce(),
    formatError: (shown, cause) => {
      const masked = maskFormatted(log, shown, cause);
      return settings.introspection ? masked : shownWithoutSuggestions(masked);
    },
  });
}

/** Data that several asked for at a time is one object, and its text is made once. */
function writtenOnce() {
  const texts = new WeakMap<object, string>();
  return ({ data, errors, extensions }: FormattedExecutionResult): string => {
    if (!data || errors || extensions) return JSON.stringify({ errors, data, extensions });
    const text = texts.get(data) ?? JSON.stringify({ data });
    texts.set(data, text);
    return text;
  };
}
