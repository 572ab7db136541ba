/** Requests of transfers. */
export { requestResolvers } from './resolvers.js';
export { RequestStore } from './store.js';
