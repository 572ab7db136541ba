/** Shortages: stocks below their duty, and needs that suppliers may know of. */
export { shortageResolvers } from './resolvers.js';
export { NeedStore } from './store.js';
