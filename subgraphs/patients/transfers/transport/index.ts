/** Means of transport and vehicles, and what they report by radio. */
export { transportResolvers } from './resolvers.js';
export { DispatchStore } from './store-dispatching.js';
export { LendingStore } from './store-lending.js';
export { RadioStore } from './store-radio.js';
export { VehicleStore } from './store.js';
