/** Plans of tank lorries that refuel the generators of facilities. */
export { refuellingResolvers } from './resolvers.js';
export { FuelNeedStore } from './store.js';
