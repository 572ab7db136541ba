/** Reference data of facilities and regions. */
export { importReferenceData } from './import.js';
