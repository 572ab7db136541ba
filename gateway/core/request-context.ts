import type { GraphQLSchema } from 'graphql';
import type { Cancellation } from '../../shared/cancellation/cancellation.js';
import type { Span } from '../../shared/telemetry/tracing.js';
import type { CoercedVariables } from './coerced-variables.js';
import type { ClientIdentity } from '../access/authentication/authentication.js';
import type { Caller } from './caller.js';
import type { Spending } from './spending.js';

/** What Apollo Server carries along with a request. */
export interface RequestContext {
  /** Missing only in requests that ask for nothing but the schema. */
  identity?: ClientIdentity;
  /** Who pays for it. */
  caller: Caller;
  /** Headers that go on to the subgraphs. */
  forwarded?: Readonly<Record<string, string>>;
  /** Its variables, once the operation is known, and the schema that has them so. */
  coerced?: { schema: GraphQLSchema; variables: CoercedVariables };
  /** What it has cost so far, and what is left. */
  spending?: Spending;
  /** Cancelled when the client goes away before it has its answer. */
  cancellation?: Cancellation;
  /** Whether it makes subgraphs read much, by its cost; known once it is admitted. */
  isHeavy?: boolean;
  /** Of the whole request; missing where no spans are told. */
  span?: Span;
}
