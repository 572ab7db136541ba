/** Staff by facility, group and phase, and the beds that it can operate. */
export { staffingResolvers } from './resolvers.js';
export { StaffingStore } from './store.js';
export { staffingChangeResolvers } from './resolvers-changes.js';
