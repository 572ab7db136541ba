/** The directory of capacity's facilities: where they lie, and how they are named. */
export { FacilityDirectory, FacilityStore } from '../../../shared/facility-directory/index.js';
export { AssumedKinds, MODELLED_FACILITIES } from './store-modelled.js';
export { requireFacility } from './requiring.js';
