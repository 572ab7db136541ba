/** Deaths on the way. */
export { TransferEndings } from './ending.js';
export { deathResolvers } from './resolvers.js';
export { DeathStore } from './store.js';
