import type { Example } from './example.js';

/** Operations of the personnel subgraph, with the variables of the other examples. */
export const PERSONNEL_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.personnelCursor': { operation: '{ personnelCursor }', at: ['personnelCursor'] },
};
