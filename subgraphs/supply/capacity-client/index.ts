/** The operations that supply sends to capacity. */
export { FacilityDirectoryDocument } from './generated/operations.js';
