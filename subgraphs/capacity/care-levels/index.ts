/** Levels of care that facilities declare. */
export { careLevelResolvers } from './resolvers.js';
export { CareLevelStore } from './store.js';
