import type { Example } from './example.js';

/** Operations of the supply subgraph, with the variables of the other examples. */
export const SUPPLY_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.supplyCursor': { operation: '{ supplyCursor }', at: ['supplyCursor'] },
};
