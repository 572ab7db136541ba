/** Bodies to which professionals are bound, and which of them wins in a phase. */
export { openRankValues, rankOf, rankValues } from './ranks.js';
export { declareEmployments, type Employment } from './store-employments.js';
export { end, findDeclared, storeCommitment } from './store-declared.js';
export { type CommitmentRow, CommitmentStore } from './store.js';
export { COMMITMENT_TEXT_COLUMNS } from './text-columns.js';
