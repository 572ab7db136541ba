import type { Vehicle, VehicleReport } from '../../../generated/prisma/client.js';

/** A vehicle as it is stored. */
export interface VehicleRow extends Vehicle {
  __typename: 'Vehicle';
}

/** A radio status as it is shown. */
export type ReportRow = Pick<VehicleReport, 'status' | 'at' | 'by' | 'inconsistency'>;
