import type { ReadByArea } from '../../../shared/identity/rules.js';

/**
 * Things that can be read of every facility in an area: single casualties and what is left of an intake, those of them that the Single
 * Points of Contact approve, and the hours from which on facilities cannot sustain beds.
 */
type CapacityReadByArea = 'CASUALTIES' | 'APPROVED_CASUALTIES' | 'SUSTAINABILITY';

/**
 * The things that each role reads in the areas of its token. Hours of failure are together a list of targets: no machine of a partner
 * reads them by area, whatever its token names.
 */
export const READ_BY_AREA: ReadByArea<CapacityReadByArea> = new Map([
  ['dispatch', ['CASUALTIES', 'SUSTAINABILITY']],
  ['crisis-staff', ['CASUALTIES', 'SUSTAINABILITY']],
  ['health-office', ['SUSTAINABILITY']],
  ['spoc', ['APPROVED_CASUALTIES']],
  ['subgraph', ['SUSTAINABILITY']],
]);
