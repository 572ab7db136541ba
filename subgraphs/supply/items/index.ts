/** Items, which are stocked, requested and produced. */
export { itemResolvers } from './catalogue/resolvers.js';
export { ItemStore } from './catalogue/store.js';
export { chainResolvers } from './chains/resolvers.js';
export { ChainStore } from './chains/store.js';
export { importItems } from './reference/import.js';
export { importMedicines } from './reference/import-medicines.js';
