/** Proposals of plans. */
export { proposalResolvers } from './resolvers.js';
export { ProposalStore } from './store.js';
