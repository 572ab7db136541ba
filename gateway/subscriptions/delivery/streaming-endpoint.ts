import type { ApolloServer } from '@apollo/server';
import type { Logger } from 'pino';
import type { Tracing } from '../../../shared/telemetry/index.js';
import type { AuthenticateFrom } from '../../limits/charged-authentication.js';
import type { SecurityEvents } from '../../monitoring/security-events.js';
import type { Admission } from '../../limits/admission.js';
import type { Connections } from '../../limits/connections.js';
import type { Metrics } from '../../monitoring/metrics.js';
import type { RequestContext } from '../../core/request-context.js';
import type { SubscriptionHub } from '../sharing/hub.js';
import type { SubscriptionLimits } from '../sharing/subscription-limits.js';
import type { SubscriptionPreparation } from '../planning/prepare.js';

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
