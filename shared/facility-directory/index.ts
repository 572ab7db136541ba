/** The directory of capacity's facilities, by which a subgraph judges rights and areas while capacity is unavailable. */
export { FacilityDirectory } from './directory.js';
export { requireFacility } from './requiring.js';
export { type FacilityRef, FacilityStore } from './store.js';
