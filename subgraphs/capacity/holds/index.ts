/** Beds that are held free for a purpose. */
export type { HoldTopic } from './events.js';
export { holdResolvers } from './resolvers.js';
export { HoldStore } from './store.js';
