/** Requests of destinations, and their acceptances and refusals. */
export { destinationResolvers } from './resolvers.js';
export { areaOf, lookUpSlot } from './responses.js';
export { type Destination, DestinationStore, orInUse, slotRefusal } from './store.js';
