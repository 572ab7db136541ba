/** Capabilities that facilities declare. */
export type { CapabilityTopic } from './events.js';
export { capabilityResolvers } from './resolvers.js';
export { CapabilityStore } from './store.js';
