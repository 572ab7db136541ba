import { parse } from 'graphql';
import type { SubgraphDefinition } from './subgraph.js';

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])`;

/** Two subgraphs that compose, although neither can return the nodes that the other one knows. */
export function nodes(): SubgraphDefinition[] {
  return [
    {
      name: 'plain',
      typeDefs: parse(`${LINK}
        interface Node @key(fields: "id") { id: ID! }
        type Query { plain: Node other: Other }
        type Other @key(fields: "id") { id: ID! size: Int }
      `),
      resolvers: {
        Node: { __resolveType: () => null },
        Query: {
          plain: () => ({ __typename: 'Node', id: 'n1' }),
          other: () => ({ id: 'o1', size: 3 }),
        },
      },
    },
    {
      name: 'rich',
      typeDefs: parse(`${LINK}
        type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! field: String }
        type Other @key(fields: "id") { id: ID! colour: String }
        type Query { rich: Node }
      `),
      resolvers: {
        Query: { rich: () => ({ id: 'n1', field: 'f' }) },
        Other: { colour: () => 'red' },
      },
    },
  ];
}
