import { Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { resumableFields, type Resumable } from './resumable-fields.js';

/** Everything that follows from one supergraph and changes with it, as one value that whoever started with it keeps. */
export interface SupergraphState {
  /** Differs from that of every other supergraph of this process. */
  epoch: number;
  /** What clients see. */
  schema: GraphQLSchema;
  apiSchema: Schema;
  supergraphSchema: GraphQLSchema;
  planner: QueryPlanner;
  /** Subscription fields that can be resumed, by name. */
  resumable: ReadonlyMap<string, Resumable>;
}

let epochs = 0;

export function supergraphState(supergraphSdl: string, schema: GraphQLSchema): SupergraphState {
  // Validated by the gateway that hands it over.
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  return {
    epoch: ++epochs,
    schema,
    apiSchema: supergraph.apiSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
    resumable: resumableFields(supergraph.schema),
  };
}
