/** Facilities, and the lock under which their beds change. */
export { facilityCursors, type ListOrder, type ListPosition } from './page.js';
export { facilityResolvers } from './resolvers.js';
export { setDeclared, storeFacilities } from './store-changes.js';
export { type LocatedFacility, lockFacilities } from './store-lock.js';
export { type FacilityRef, FacilityStore } from './store.js';
export { requireFacility } from './watched-facility.js';
