import type { BedCategory, Method } from '../../generated/graphql.js';
import type { Occupancy } from '../../generated/prisma/client.js';
import { type OccupiedBeds, oxygenDemand } from './oxygen.js';

/** Beds of one category, as capacity returns them. */
export interface ReportedBeds {
  category: BedCategory;
  operable: number | null;
  occupied: number | null;
  provenance: { method: Method } | null;
}

const INTENSIVE: ReadonlySet<BedCategory> = new Set([
  'ICU_UNSPECIFIED',
  'ICU_LOW_CARE',
  'ICU_HIGH_CARE',
  'ECMO',
  'PAEDIATRIC_ICU',
  'NEONATAL_ICU',
]);

/** The levels of intensive care of adults. */
const LEVELS: ReadonlySet<BedCategory> = new Set(['ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO']);

/**
 * Returns what lifelines follow of the occupied beds of a facility. The demand of oxygen is that of all beds: categories
 * that the facility did not report itself count as they are modelled, because patients lie there too. The part that was reported
 * stands beside it.
 */
export function occupancyOf(
  { id, kind }: { id: string; kind: string | null },
  beds: readonly ReportedBeds[],
): Occupancy {
  const known = beds.flatMap(({ occupied, ...rest }) =>
    occupied === null ? [] : [{ ...rest, occupied }],
  );
  const reported = known.filter(({ provenance }) => provenance?.method !== 'MODELLED');
  const modelled = known.filter(({ provenance }) => provenance?.method === 'MODELLED');
  const reportedDemand = oxygenDemand(reported);
  const unreportedDemand = oxygenDemand(unreported(modelled, reported));
  const intensive = known.filter(({ category }) => INTENSIVE.has(category));
  const wards = known.filter(({ category }) => category === 'NORMAL_WARD');
  return {
    facilityId: id,
    kind,
    oxygenDemand: known.length === 0 ? null : (reportedDemand ?? 0) + (unreportedDemand ?? 0),
    reportedDemand: reportedDemand ?? null,
    intensive: intensive.reduce((sum, { occupied }) => sum + occupied, 0),
    intensiveBeds: sumOfBeds(intensive),
    wardBeds: sumOfBeds(wards),
  };
}

/** Returns the modelled patients who are not among those reported: intensive care that is not divided contains its levels. */
function unreported(modelled: readonly OccupiedBeds[], reported: readonly OccupiedBeds[]) {
  const levels = reported.filter(({ category }) => LEVELS.has(category));
  const counted = levels.reduce((sum, { occupied }) => sum + occupied, 0);
  return modelled.map(({ category, occupied }) => ({
    category,
    occupied: category === 'ICU_UNSPECIFIED' ? Math.max(0, occupied - counted) : occupied,
  }));
}

function sumOfBeds(beds: readonly Pick<ReportedBeds, 'operable'>[]): number {
  return beds.reduce((sum, { operable }) => sum + (operable ?? 0), 0);
}
