/** Beds that are held free for a purpose. */
export { holdResolvers } from './resolvers.js';
export { HoldStore } from './store.js';
