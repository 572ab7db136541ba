import type { Schema, Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { type RightsIndex, securedSupergraph } from '../access/index.js';
import {
  RecordedTypes,
  priceList,
  type PriceList,
  AuditedFields,
  resumableFields,
  type Resumable,
} from './directives/index.js';
import { Planner, Requirements } from './planning/index.js';

/** Everything that is derived from one supergraph. An operation keeps the state it began with. */
export interface SupergraphState {
  /** Unique within this process. */
  epoch: number;
  /** The text of the supergraph as the gateway package takes it. */
  served: string;
  supergraph: Supergraph;
  /** The rights: which claim sets may see which fields. */
  rights: RightsIndex;
  /** The schema that clients see. */
  schema: GraphQLSchema;
  apiSchema: Schema;
  supergraphSchema: GraphQLSchema;
  planner: Pick<Planner, 'buildQueryPlan'>;
  /** Fields that fields of other subgraphs require. */
  requirements: Requirements;
  /** Names of its subgraphs. */
  subgraphs: readonly string[];
  /** Subscription fields that can be resumed, by name. */
  resumable: ReadonlyMap<string, Resumable>;
  /** Fields whose subgraph needs to know who reads them. */
  audited: AuditedFields;
  /** Types whose reads are recorded before a response leaves. */
  recorded: RecordedTypes;
  /** Costs and lengths of lists, from the directives. */
  prices: PriceList;
}

let epochs = 0;

/** Throws when the text is no supergraph, or one that cannot be served. */
export function supergraphState(supergraphSdl: string, log?: Logger): SupergraphState {
  const { sdl, supergraph, rights } = securedSupergraph(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  return {
    epoch: ++epochs,
    served: sdl,
    supergraph,
    rights,
    schema: apiSchema.toGraphQLJSSchema(),
    apiSchema,
    supergraphSchema,
    planner: new Planner(supergraph, log),
    requirements: new Requirements(supergraph.subgraphs()),
    subgraphs: supergraph.subgraphsMetadata().map(({ name }) => name),
    resumable: resumableFields(supergraph.schema),
    audited: new AuditedFields(supergraph.schema, supergraphSchema),
    recorded: new RecordedTypes(supergraph.schema, supergraphSchema),
    prices: priceList(supergraph.schema),
  };
}
