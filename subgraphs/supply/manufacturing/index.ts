/** Items that organisations can make, and how far that bridges a shortage. */
export { manufacturingResolvers } from './resolvers.js';
export { ManufacturingStore } from './store.js';
