import type { GraphQLFormattedError } from 'graphql';
import type { Cancellation } from '../../shared/cancellation/cancellation.js';
import type { InternalIdentity } from '../../shared/identity/internal-tokens.js';
import type { Span } from '../../shared/telemetry/tracing.js';

/** What is asked of one subgraph, written down as it is sent. */
export interface Question {
  /** The text of the operation; its type stands first. */
  query: string;
  /** JSON of the whole request. */
  body: string;
  /** Whether it may change something: such a question is sent once, alone, and shared with nobody. */
  isChange: boolean;
}

/** For whom it is asked. */
export interface QuestionContext {
  /** Missing only where nothing but the schema is asked for. */
  identity?: InternalIdentity;
  /** Headers that go with the question and have no bearing on its answer, such as `traceparent`. */
  forwarded?: Readonly<Record<string, string>>;
  /** Until when somebody waits for the answer; without it to the end. */
  cancellation?: Cancellation | undefined;
  /** Whether it is part of an operation that makes subgraphs read much. */
  isHeavy?: boolean | undefined;
  /** Of what it is asked for; its headers then go with the question, and not those it came with. */
  span?: Span;
  /** Name that the client gave its operation. */
  operationName?: string;
  /** Whether it completes an event: who watches was recorded when the subscription began. */
  isEvent?: boolean;
}

export interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  /** An event may name its trace here, a response of whom it discloses something (`@recorded`). */
  extensions?: Readonly<Record<string, unknown>>;
}
