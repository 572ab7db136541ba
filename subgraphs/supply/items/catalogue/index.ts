/** The catalogue of items. */
export { itemResolvers } from './resolvers.js';
export { storeItems } from './store-changes.js';
export { type ItemRef, ItemStore } from './store.js';
