/** Bodies to which professionals are bound, and which of them wins in a phase. */
export { rankValues } from './ranks.js';
