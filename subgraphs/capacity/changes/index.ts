/** The subscription to the changes of facilities. */
export type { FacilityTopic } from './events.js';
export { changeResolvers } from './resolvers.js';
export { requireFacility } from './watched-facility.js';
