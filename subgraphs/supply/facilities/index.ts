/** The directory of capacity's facilities: where they lie, and how they are named. */
export {
  FacilityDirectory,
  FacilityStore,
  requireFacility,
} from '../../../shared/facility-directory/index.js';
export { AssumedKinds, MODELLED_FACILITIES } from './store-modelled.js';
