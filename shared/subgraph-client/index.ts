/** Sends operations to other subgraphs. */
export { type SubgraphAddress, SubgraphClient, SubgraphUnavailable } from './client.js';
export { orUnavailable } from './unavailable.js';
