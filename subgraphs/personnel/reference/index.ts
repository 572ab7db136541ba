/** Professions of health, and the chambers that are competent for them. */
export { CHAMBERS, chamberWithId, type ListedChamber, professionWithOid } from './reference.js';
export { referenceResolvers } from './resolvers.js';
