/** Regions and the sums of their beds. */
export { regionResolvers } from './resolvers.js';
export { RegionStore } from './store.js';
