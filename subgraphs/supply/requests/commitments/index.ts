/** Commitments of offers to lines. */
export { commitmentResolvers } from './resolvers.js';
export { CommitmentStore, storeCommitment } from './store.js';
