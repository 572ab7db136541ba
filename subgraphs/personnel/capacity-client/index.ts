/** The operations that personnel sends to capacity. */
export { FacilityDirectoryDocument } from './generated/operations.js';
