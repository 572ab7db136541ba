/** How the capacity subgraph is called, and where its facilities lie. */
export { type CapacityAddress, CapacityAway, CapacityLink } from './client.js';
export { type FacilityRef, FacilityStore, keepFacilityAreas } from './facility-store.js';
export { orUnavailable } from './unavailable.js';
