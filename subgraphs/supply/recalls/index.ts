/** Batches that must not be used any more, and who has some of them. */
export { recallResolvers } from './resolvers.js';
export { RecallStore } from './store.js';
