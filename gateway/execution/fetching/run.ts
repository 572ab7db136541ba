import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { FetchSources, SubgraphRequestContext, SubgraphResponse } from '../../core/index.js';

/** An object of a subgraph's response, or of the data merged from responses. */
export type JsonObject = Record<string, unknown>;

/** One execution of a plan. */
export interface Run {
  /** As the client sent them: subgraphs fill in the defaults. */
  variables: Readonly<JsonObject>;
  context: SubgraphRequestContext;
  sources: FetchSources;
  /** The response to a fetch that is known from the start: an event, for the operation that it belongs to. */
  known: KnownResponse | undefined;
  /** The data fetched so far, from the root on. */
  data: JsonObject;
  errors: GraphQLError[];
}

export interface KnownResponse {
  fetch: FetchNode;
  response: SubgraphResponse;
}

/** The objects in the data that a step works on. */
export interface Location {
  entities: readonly JsonObject[];
  /** Response names from the root on; "@" means every entry of a list. */
  path: readonly (string | number)[];
}

/** A node of a plan, ready to run. Returns undefined where there is nothing to wait for. */
export type FetchStep = (run: Run, location: Location) => Promise<void> | undefined;
