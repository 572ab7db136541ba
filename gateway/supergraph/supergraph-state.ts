import type { Schema } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { RightsIndex } from '../access/rights/rights-index.js';
import { securedSupergraph } from '../access/rights/secured-supergraph.js';
import { RecordedTypes } from './directives/recorded-types.js';
import { priceList, type PriceList } from './directives/price-list.js';
import { AuditedFields } from './directives/audited-fields.js';
import { Planner } from './planning/planner.js';
import { Requirements } from './planning/requirements.js';
import { resumableFields, type Resumable } from './directives/resumable-fields.js';

/** Everything that follows from one supergraph and changes with it, as one value that whoever started with it keeps. */
export interface SupergraphState {
  /** Differs from that of every other supergraph of this process. */
  epoch: number;
  /** The supergraph as the gateway package takes it. */
  served: string;
  /** Who may see what of it. */
  rights: RightsIndex;
  /** What clients see. */
  schema: GraphQLSchema;
  apiSchema: Schema;
  supergraphSchema: GraphQLSchema;
  planner: Pick<Planner, 'buildQueryPlan'>;
  /** What fields of one subgraph require of others. */
  requirements: Requirements;
  /** Names of the subgraphs it is made of. */
  subgraphs: readonly string[];
  /** Subscription fields that can be resumed, by name. */
  resumable: ReadonlyMap<string, Resumable>;
  /** Fields whose subgraph wants to know who reads them. */
  audited: AuditedFields;
  /** Types of which a read is recorded before it leaves. */
  recorded: RecordedTypes;
  /** What the subgraphs say of costs and of the length of lists. */
  prices: PriceList;
}

let epochs = 0;

/** Throws when it is no supergraph, or one that cannot be served. */
export function supergraphState(supergraphSdl: string, log?: Logger): SupergraphState {
  const { sdl, supergraph, rights } = securedSupergraph(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  return {
    epoch: ++epochs,
    served: sdl,
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
