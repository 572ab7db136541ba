import type { ApolloServer } from '@apollo/server';
import type { Logger } from 'pino';
import type { Tracing } from '../../../shared/telemetry/tracing.js';
import type { AuthenticateFrom } from '../../limits/charged-authentication.js';
import type { SecurityEvents } from '../../monitoring/security-events.js';
import type { Admission } from '../../limits/admission.js';
import type { Connections } from '../../limits/connections.js';
import type { Measures } from '../../monitoring/metrics.js';
import type { RequestContext } from '../../core/request-context.js';
import type { SubscriptionHub } from '../sharing/hub.js';
import type { SubscriptionLimits } from '../sharing/subscription-limits.js';
import type { SubscriptionPreparation } from '../planning/prepare.js';

/** What WebSockets and event streams are built on alike. */
export interface StreamingEndpoint {
  authenticate: AuthenticateFrom;
  events: SecurityEvents;
  admission: Admission;
  connections: Pick<Connections, 'identified'>;
  /** Whether clients are told what they may have meant. */
  suggestions: boolean;
  preparation: SubscriptionPreparation;
  hub: SubscriptionHub;
  subscriptionLimits: SubscriptionLimits;
  measures: Pick<Measures, 'slowClosed'>;
  /** Answers queries and mutations, which clients may send over either. */
  apollo: ApolloServer<RequestContext>;
  log: Logger;
  tracing?: Tracing | undefined;
}
