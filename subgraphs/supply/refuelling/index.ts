/** Which tank lorry refuels the generators of which facility. */
export { refuellingResolvers } from './resolvers.js';
export { FuelNeedStore } from './store.js';
