/** The operations that supply sends to capacity. */
export {
  CapacityCursorDocument,
  DeclareSustainableBedsDocument,
  FacilityDirectoryDocument,
  OccupanciesDocument,
  OccupancyChangesDocument,
  OperableBedsDocument,
  type OccupiedBedsFragment,
} from './generated/operations.js';
