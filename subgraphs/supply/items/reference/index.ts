/** Items of the published registers. */
export { importMedicines } from './import-medicines.js';
export { importItems } from './import.js';
