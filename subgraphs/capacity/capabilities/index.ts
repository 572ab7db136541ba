/** Capabilities that facilities declare. */
export { capabilityResolvers } from './resolvers.js';
export { CapabilityStore } from './store.js';
