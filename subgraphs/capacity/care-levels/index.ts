/** Levels of care that facilities declare. */
export type { CareLevelTopic } from './events.js';
export { careLevelResolvers } from './resolvers.js';
export { CareLevelStore } from './store.js';
