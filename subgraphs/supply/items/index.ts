/** Items, which are stocked, requested and produced. */
export { itemResolvers, ItemStore } from './catalogue/index.js';
export { chainResolvers, ChainStore } from './chains/index.js';
export { importItems, importMedicines } from './reference/index.js';
