/** What is removed of a person, on request and when its time is over. */
export { erasureResolvers } from './resolvers.js';
export { Retention, type RetentionDays } from './retention.js';
export { Erasures } from './store.js';
