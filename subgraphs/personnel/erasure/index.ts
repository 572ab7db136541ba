/** Erasure of professionals on request. */
export { erasureResolvers } from './resolvers.js';
export { Erasures } from './store.js';
