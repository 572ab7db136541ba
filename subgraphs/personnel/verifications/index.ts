/** Verification of qualifications by chambers and health offices. */
export { verificationResolvers } from './resolvers.js';
export { Verifications } from './store.js';
