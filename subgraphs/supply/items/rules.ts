/** Rules of items that the rules of other modules use. */
export { pznFault, unknownItem, wrongUnit } from './catalogue/rules.js';
