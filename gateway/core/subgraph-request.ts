import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLFormattedError } from 'graphql';
import type { Cancellation } from '../../shared/cancellation/index.js';
import type { InternalIdentity } from '../../shared/identity/index.js';
import type { Span } from '../../shared/telemetry/index.js';

/** A GraphQL request to one subgraph, as it is sent. */
export interface SubgraphRequest {
  /** The text of the operation; it begins with the operation's type. */
  query: string;
  /** JSON of the whole request. */
  body: string;
  /** Whether it is a mutation: such a request is sent once, alone, and its response is never shared. */
  isChange: boolean;
}

/** The operation that a subgraph request belongs to. */
export interface SubgraphRequestContext {
  /** The caller; missing only where the operation reads nothing but the schema. */
  identity?: InternalIdentity;
  /** Headers that are forwarded and have no influence on the response, such as `traceparent`. */
  forwarded?: Readonly<Record<string, string>>;
  /** Cancelled when nobody waits for the response any more; without it the request runs to its end. */
  cancellation?: Cancellation | undefined;
  /** Whether the operation makes subgraphs read much. */
  isHeavy?: boolean | undefined;
  /** Span of the operation; its headers replace `forwarded`. */
  span?: Span;
  /** Name that the client gave its operation. */
  operationName?: string;
  /** Whether the request completes an event: the reader was recorded when the subscription began. */
  isEvent?: boolean;
}

export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  /** An event may name its trace here, and a response the patients that it discloses (`@recorded`). */
  extensions?: Readonly<Record<string, unknown>>;
}

/** A subgraph, for both executors: the stock one calls `process`. */
export interface FetchSource extends GraphQLDataSource {
  /** Resolves to a response of the requester's own: the executor merges into it. */
  fetch(request: SubgraphRequest, context: SubgraphRequestContext): Promise<SubgraphResponse>;
}

export type FetchSources = Readonly<Record<string, FetchSource>>;

/**
 * The outcome of one request to a subgraph. A `shared` or `skipped` request was not sent; a `cancelled` one was given up
 * because nobody waited for it any more.
 */
export type FetchOutcome = 'answered' | 'shared' | 'failed' | 'skipped' | 'cancelled';
