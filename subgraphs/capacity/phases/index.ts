/** Phases of care in areas. */
export type { RecountTopic } from './events.js';
export { phaseResolvers } from './resolvers.js';
export { freezePhases } from './store-lock.js';
export { type DeclaredPhase, PhaseStore } from './store.js';
