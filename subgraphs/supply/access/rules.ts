import type { ReadByArea } from '../../../shared/identity/rules.js';

/** Things that can be read of every facility or organisation in an area. */
export type SupplyReadByArea =
  'LIFELINES' | 'DEVICE_FAULTS' | 'FACILITY_STOCKS' | 'ORGANISATION_STOCKS' | 'REQUESTS';

/**
 * The things that each role reads in the areas of its token. Levels and stocks of facilities are a list of targets, and stocks of
 * organisations are secrets of their trade: dispatch does not read the latter, and the Single Points of Contact read requests alone.
 * No other role reads anything by area: a hospital, a service, a supplier or a chamber reads what its token names.
 */
export const READ_BY_AREA: ReadByArea<SupplyReadByArea> = new Map([
  ['dispatch', ['LIFELINES', 'DEVICE_FAULTS', 'FACILITY_STOCKS', 'REQUESTS']],
  [
    'health-office',
    ['LIFELINES', 'DEVICE_FAULTS', 'FACILITY_STOCKS', 'ORGANISATION_STOCKS', 'REQUESTS'],
  ],
  [
    'crisis-staff',
    ['LIFELINES', 'DEVICE_FAULTS', 'FACILITY_STOCKS', 'ORGANISATION_STOCKS', 'REQUESTS'],
  ],
  ['spoc', ['REQUESTS']],
]);
