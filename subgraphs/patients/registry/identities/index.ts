/** Identities of patients, which are stored sealed. */
export { identityKeys } from './keys.js';
export { identityResolvers } from './resolvers.js';
export { type Identity, IdentitySeal, type SealedIdentity } from './seal.js';
export { ERASE_IDENTITIES } from './statements.js';
export { sealedIdentityOf, storeIdentities } from './store-changes.js';
export { IdentityRecords } from './store-recording.js';
export { IdentityStore } from './store.js';
