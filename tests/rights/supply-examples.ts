import type { Example } from './example.js';

/** Operations of the supply subgraph, with the variables of the other examples. */
export const SUPPLY_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.supplyCursor': { operation: '{ supplyCursor }', at: ['supplyCursor'] },
  'Query.organisation': {
    operation: 'query ($organisation: ID!) { organisation(id: $organisation) { id } }',
    at: ['organisation'],
  },
  'Query.organisations': {
    operation: '{ organisations(first: 1) { totalCount } }',
    at: ['organisations'],
  },
  'Mutation.registerOrganisation': {
    operation:
      'mutation ($key: String!) { registerOrganisation(input: { kind: DEPOT, area: "05315", name: "The rights table", position: { latitude: 50.94, longitude: 6.96 }, idempotencyKey: $key }) { __typename } }',
    at: ['registerOrganisation'],
  },
  'Query.item': { operation: '{ item(id: "pzn:00194323") { id } }', at: ['item'] },
  'Query.items': { operation: '{ items(first: 1) { totalCount } }', at: ['items'] },
};
