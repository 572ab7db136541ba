import type { Example } from './example.js';

/** A booking that a role with the right to book gets refused, because no facility has the id. */
const NOWHERE =
  '{ facility: "00000000-0000-4000-8000-000000000000", item: "pzn:00194323", kind: RECEIPT, quantity: 1, unit: PACK }';

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
  'Query.lifelines': {
    operation: '{ lifelines(first: 1) { nodes { kind } } }',
    at: ['lifelines'],
  },
  'Mutation.reportLifeline': {
    operation:
      'mutation ($facility: ID!, $now: DateTime!) { reportLifeline(input: { facility: $facility, kind: WATER, stock: 10, unit: CUBIC_METRE, source: "the rights table", observedAt: $now }) { __typename } }',
    at: ['reportLifeline'],
    atFacility: ['service'],
  },
  'Mutation.reportLifelines': {
    operation:
      'mutation ($facility: ID!, $now: DateTime!) { reportLifelines(input: { reports: [{ facility: $facility, kind: WATER, stock: 10, unit: CUBIC_METRE, source: "the rights table", observedAt: $now }] }) { outcomes { __typename } } }',
    at: ['reportLifelines'],
    atFacility: ['service'],
  },
  'Subscription.lifelineChanged': {
    operation:
      'subscription ($beforeSupply: String) { lifelineChanged(after: $beforeSupply) { at } }',
    at: ['lifelineChanged'],
    atFacility: ['service'],
  },
  'Facility.lifelines': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { lifelines { kind } } }',
    at: ['facility', 'lifelines'],
  },
  'Facility.minHoursRemaining': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { minHoursRemaining } }',
    at: ['facility', 'minHoursRemaining'],
    atFacility: ['service'],
  },
  'Query.stocks': { operation: '{ stocks(first: 1) { nodes { id } } }', at: ['stocks'] },
  'Mutation.bookStock': {
    operation: `mutation ($key: String!) { bookStock(input: { booking: ${NOWHERE}, idempotencyKey: $key }) { __typename } }`,
    at: ['bookStock'],
  },
  'Mutation.bookStocks': {
    operation: `mutation ($key: String!) { bookStocks(input: { bookings: [${NOWHERE}], idempotencyKey: $key }) { __typename } }`,
    at: ['bookStocks'],
  },
  'Subscription.stockChanged': {
    operation:
      'subscription ($beforeSupply: String) { stockChanged(after: $beforeSupply) { cursor } }',
    at: ['stockChanged'],
  },
};
