import type { ApolloServer } from '@apollo/server';
import type { Logger } from 'pino';
import type { Tracing } from '../../../shared/telemetry/index.js';
import type { AuthenticateFrom, Admission, Connections } from '../../limits/index.js';
import type { SecurityEvents, Metrics } from '../../monitoring/index.js';
import type { RequestContext } from '../../core/index.js';
import type { SubscriptionHub, SubscriptionLimits } from '../sharing/index.js';
import type { SubscriptionPreparation } from '../planning/index.js';

/** The dependencies of both WebSockets and event streams. */
export interface StreamingEndpoint {
  authenticate: AuthenticateFrom;
  events: SecurityEvents;
  admission: Admission;
  connections: Pick<Connections, 'countForCaller'>;
  /** Whether error messages contain suggestions. */
  suggestions: boolean;
  preparation: SubscriptionPreparation;
  hub: SubscriptionHub;
  subscriptionLimits: SubscriptionLimits;
  metrics: Pick<Metrics, 'countSlowClosed'>;
  /** Executes queries and mutations, which clients may send over both. */
  apollo: ApolloServer<RequestContext>;
  log: Logger;
  tracing?: Tracing | undefined;
}
