/** The current supergraph and what is derived from it. */
export type { ListSize, PriceList, Resumable } from './directives/index.js';
export { fetchesOf } from './planning/index.js';
export { type PreparedSupergraph, SupergraphRenewal } from './renewal/supergraph-renewal.js';
export { type SupergraphState, supergraphState } from './supergraph-state.js';
