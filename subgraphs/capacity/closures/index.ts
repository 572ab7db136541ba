/** Closures of departments (Abmeldungen). */
export { closureResolvers } from './resolvers.js';
export { ClosureStore } from './store.js';
