/** Bodies to which professionals are bound, and which of them wins in a phase. */
export { openRankValues, rankValues } from './ranks.js';
export { declareEmployments, type Employment } from './store-employments.js';
export { COMMITMENT_TEXT_COLUMNS } from './text-columns.js';
