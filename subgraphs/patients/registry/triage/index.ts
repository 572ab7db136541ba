/** Triages of patients, and when the next one is due. */
export type { ActiveTransfers, LockedTransfer } from './active-transfers.js';
export { triageResolvers } from './resolvers.js';
export { storeDeath, storeFirstAssessments } from './store-changes.js';
export { TriageStore, publishDueForTriage } from './store.js';
