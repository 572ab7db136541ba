/** Supply chains of items. */
export { chainResolvers } from './resolvers.js';
export { ChainStore } from './store.js';
