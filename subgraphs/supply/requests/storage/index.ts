/** Declared rooms for items that need cooling or a certain climate, and how they fill. */
export { storageResolvers } from './resolvers.js';
export { StorageStore, lockRoom, useRoom } from './store.js';
