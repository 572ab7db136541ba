/** The directory of capacity's facilities: where they lie, and how they are named. */
export { FacilityDirectory } from './directory.js';
export { FacilityStore } from './store.js';
