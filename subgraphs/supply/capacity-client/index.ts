/** The operations that supply sends to capacity. */
export {
  CapacityCursorDocument,
  DeclareSustainableBedsDocument,
  FacilityDirectoryDocument,
  OccupanciesDocument,
  OccupancyChangesDocument,
  type OccupiedBedsFragment,
} from './generated/operations.js';
