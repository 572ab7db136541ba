import type { GraphQLSchema } from 'graphql';
import type { Cancellation } from '../../shared/cancellation/index.js';
import type { Span } from '../../shared/telemetry/index.js';
import type { CoercedVariables } from './coerced-variables.js';
import type { Caller, ClientIdentity } from './caller.js';
import type { Spending } from './spending.js';

/** The context value of a request in Apollo Server. */
export interface RequestContext {
  /** Missing only in requests for introspection alone. */
  identity?: ClientIdentity;
  /** The party that is charged. */
  caller: Caller;
  /** Headers that are forwarded to the subgraphs. */
  forwarded?: Readonly<Record<string, string>>;
  /** The coerced variables, once the operation is known, and the schema by which they are coerced. */
  coerced?: { schema: GraphQLSchema; variables: CoercedVariables };
  /** The cost so far, and the rest of the budget. */
  spending?: Spending;
  /** Cancelled when the client disconnects before it has its response. */
  cancellation?: Cancellation;
  /** Whether it makes subgraphs read much, by its cost; known once it is admitted. */
  isHeavy?: boolean;
  /** Span of the whole request; missing where tracing is off. */
  span?: Span;
}
