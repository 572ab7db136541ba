import { isInAreas } from '../../../shared/identity/rules.js';
import { areaToday } from '../../../shared/areas/index.js';
import { CHAMBERS, chamberWithId, professionWithOid } from '../reference/index.js';
import type { Reference } from './rules.js';

/** The public facts of this release. */
export const REFERENCE: Reference = {
  isProfession: (oid) => professionWithOid(oid) !== undefined,
  chamberWithId,
  chambersOf: (oid, area) =>
    CHAMBERS.filter(
      ({ professions, areas }) => professions.includes(oid) && isInAreas(areas, area),
    ),
  isKreis: (area) => /^\d{5}$/.test(area) && areaToday(area) === area,
};
