import type { TransportMeans, VehicleInconsistency } from '../../../generated/graphql.js';

/** A vehicle as it is kept. */
export interface VehicleRow {
  __typename: 'Vehicle';
  id: string;
  callSign: string;
  means: TransportMeans;
  area: string;
  /** The area that lent it last; null where nobody did. */
  lentBy: string | null;
  physician: boolean;
  ventilator: boolean;
  radioStatus: number | null;
  radioStatusAt: Date | null;
}

/** A radio status as it is kept. */
export interface ReportRow {
  status: number;
  at: Date;
  by: string;
  inconsistency: VehicleInconsistency | null;
}
