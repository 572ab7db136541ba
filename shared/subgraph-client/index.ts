/** Sends operations to other subgraphs. */
export { ExpiredCursorError, readChanges } from './changes.js';
export { type SubgraphAddress, SubgraphClient, SubgraphUnavailable } from './client.js';
export { LastingOutages } from './lasting-outages.js';
export { orUnavailable } from './unavailable.js';
