/** Phases of care in areas. */
export { phaseResolvers } from './resolvers.js';
export { freezePhases } from './store-lock.js';
export { type DeclaredPhase, PhaseStore } from './store.js';
