/** Arrivals and handovers. */
export { arrivalResolvers } from './resolvers.js';
export { ArrivalStore } from './store.js';
