/** Commitments that people and organisations declare and end. */
export { declarationResolvers } from './resolvers.js';
export { Declarations } from './store.js';
