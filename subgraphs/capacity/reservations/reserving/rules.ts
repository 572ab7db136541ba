/** Rules of reserving that the rules of other folders need. */
export type { ShortfallFacts } from './rules/grants.js';
export { LONGEST_HOURS, MOST_ITEMS, expiryOutOfRange, minutesAfter } from './rules/requests.js';
