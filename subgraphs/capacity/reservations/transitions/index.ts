/** Transitions of reservations: confirmed, redeemed, released, lapsed. */
export { ITEMS, ITEM_COLUMNS, type ItemRow, isPartlySeen } from './statements.js';
export { type TransitionInput, transitionWithin } from './store.js';
