import type { ApolloServer } from '@apollo/server';
import type { Logger } from 'pino';
import type { Authenticate } from '../../identity/authentication.js';
import type { RequestContext } from '../../request-context.js';
import type { SubscriptionHub } from '../sharing/hub.js';
import type { SubscriptionPreparation } from '../planning/prepare.js';

/** What WebSockets and event streams are built on alike. */
export interface StreamingEndpoint {
  authenticate: Authenticate;
  preparation: SubscriptionPreparation;
  hub: SubscriptionHub;
  /** Answers queries and mutations, which clients may send over either. */
  apollo: ApolloServer<RequestContext>;
  log: Logger;
}
