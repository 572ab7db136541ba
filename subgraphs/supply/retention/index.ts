/** Retention of texts. */
export { TEXT_COLUMNS } from './text-columns.js';
