/** Approvals of transfers. */
export { approvalResolvers } from './resolvers.js';
export { ApprovalStore } from './store.js';
