/** Erasure of personal data, on request and at the end of their retention. */
export { erasureResolvers } from './resolvers.js';
export { Retention, type RetentionDays } from './retention.js';
export { Erasures } from './store.js';
