/** Rules of items that the rules of other modules use. */
export { unknownItem, wrongUnit } from './catalogue/rules.js';
