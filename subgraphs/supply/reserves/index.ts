/** Packets of medical material and modules of depots, kept for a disaster. */
export { reserveResolvers } from './resolvers.js';
export { ReserveStore } from './store.js';
export { modelReserves } from './store-modelled.js';
