/** Rules of items that the rules of other modules use. */
export { pznFault, unknownItem, wrongUnit } from './catalogue/rules.js';
export {
  isQuantity,
  MOST_STORED,
  positiveFault,
  quantityFault,
  quantityOf,
  sumOf,
  type Thousandths,
  thousandths,
} from './rules/quantities.js';
export { availableOf, isCountable, neededOf } from './rules/units.js';
