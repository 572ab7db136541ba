import type { GraphQLDataSource } from '@apollo/gateway';
import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { Question, QuestionContext, SubgraphAnswer } from '../../core/subgraph-request.js';

/** What a subgraph sent, and what is merged out of it. */
export type Json = Record<string, unknown>;

/** A subgraph, for both executors: the stock one calls `process`. */
export interface FetchSource extends GraphQLDataSource {
  /** What comes back belongs to who asked: the executor merges into it. */
  answer(question: Question, context: QuestionContext): Promise<SubgraphAnswer>;
}

export type FetchSources = Readonly<Record<string, FetchSource>>;

/** One execution of a plan. */
export interface Run {
  /** As the client sent them: subgraphs fill in defaults themselves. */
  variables: Readonly<Json>;
  context: QuestionContext;
  sources: FetchSources;
  /** The answer that is there before anybody is asked: an event, for the operation it came from. */
  known: KnownAnswer | undefined;
  /** What the fetches have found so far, from the root on. */
  data: Json;
  errors: GraphQLError[];
}

export interface KnownAnswer {
  fetch: FetchNode;
  answer: SubgraphAnswer;
}

/** Where in the data a step works. */
export interface Spot {
  entities: readonly Json[];
  /** Response names from the root on; "@" stands for every entry of a list. */
  path: readonly (string | number)[];
}

/** A node of a plan, ready to run. Returns nothing where there is nothing to wait for. */
export type Step = (run: Run, spot: Spot) => Promise<void> | undefined;
