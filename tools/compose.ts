import { composeServices } from '@apollo/composition';
import { printSchema } from '@apollo/federation-internals';
import { printSubgraphSchema, buildSubgraphSchema } from '@apollo/subgraph';
import { securedSupergraph } from '../gateway/access/rights/secured-supergraph.js';
import { SUBGRAPHS, type SubgraphName } from '../shared/env.js';
import { typeDefsOf } from '../shared/subgraph/index.js';

export interface Composition {
  /** The schema with which the gateway plans. */
  supergraph: string;
  /** The schema that clients see. */
  api: string;
  /** The schema that each subgraph returns from `_service`. */
  subgraphs: Record<SubgraphName, string>;
}

/** The subgraphs' schemas cannot be put together: one line for each reason. */
export class CompositionError extends Error {}

/** Composes the supergraph from the subgraphs' sources; no service runs. The addresses in it are never used. */
export function composeSources(): Composition {
  const services = SUBGRAPHS.map((name) => ({
    name,
    url: `http://${name}/graphql`,
    typeDefs: typeDefsOf(name),
  }));
  const { errors, supergraphSdl } = composeServices(services);
  if (errors) throw new CompositionError(errors.map((error) => error.message).join('\n'));
  return {
    supergraph: supergraphSdl,
    api: printSchema(securedSupergraph(supergraphSdl).supergraph.apiSchema()),
    subgraphs: Object.fromEntries(
      services.map(({ name, typeDefs }) => [
        name,
        printSubgraphSchema(buildSubgraphSchema({ typeDefs })),
      ]),
    ) as Composition['subgraphs'],
  };
}
