/** The search for a facility that can treat a patient. */
export { facilitySearchResolvers } from './resolvers.js';
export { hasIntake } from './statements.js';
export { FacilitySearch, type Nearest } from './store.js';
