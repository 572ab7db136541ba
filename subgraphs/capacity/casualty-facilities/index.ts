/** Facilities for the subgraph that steers casualties. */
export { casualtyFacilityResolvers } from './resolvers.js';
export { CasualtyFacilityStore } from './store.js';
