import type { BedCategory, Method } from '../../generated/graphql.js';
import type { Occupancy } from '../../generated/prisma/client.js';
import { oxygenDemand } from './oxygen.js';

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

/**
 * Returns what lifelines follow of the occupied beds of a facility. The demand of oxygen is that of beds that were reported: a modelled
 * number knows no single facility, and must not move its hour of failure.
 */
export function occupancyOf(
  { id, kind }: { id: string; kind: string | null },
  beds: readonly ReportedBeds[],
): Occupancy {
  const known = beds.flatMap(({ occupied, ...rest }) =>
    occupied === null ? [] : [{ ...rest, occupied }],
  );
  const reported = known.filter(({ provenance }) => provenance?.method !== 'MODELLED');
  const intensive = known.filter(({ category }) => INTENSIVE.has(category));
  const wards = known.filter(({ category }) => category === 'NORMAL_WARD');
  return {
    ...{ facilityId: id, kind },
    oxygenDemand: oxygenDemand(reported) ?? null,
    intensive: intensive.reduce((sum, { occupied }) => sum + occupied, 0),
    intensiveBeds: sumOfBeds(intensive),
    wardBeds: sumOfBeds(wards),
  };
}

function sumOfBeds(beds: readonly Pick<ReportedBeds, 'operable'>[]): number {
  return beds.reduce((sum, { operable }) => sum + (operable ?? 0), 0);
}
