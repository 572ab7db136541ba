import type { Share } from './division.js';
import type { BedCategory, ReplayOwnReportsQuery } from './generated/operations.js';

/** The intensive-care beds that a facility reports itself. */
export interface OwnBeds extends Share {
  /** Whether they replace a share of the Kreis total; beds for children alone are added to one. */
  isWhole: boolean;
}

type FacilityNode = NonNullable<ReplayOwnReportsQuery['facilities']>['nodes'][number];
/** The beds of one category in one facility, as the hub shows them. */
export type ReportedBeds = NonNullable<FacilityNode['beds']>[number];

const CHILDREN = 'PAEDIATRIC_ICU';
const UNSPECIFIED = 'ICU_UNSPECIFIED';
/** The categories that the register counts; it counts no beds for newborns. */
const COUNTED = new Set<BedCategory>([
  UNSPECIFIED,
  'ICU_LOW_CARE',
  'ICU_HIGH_CARE',
  'ECMO',
  CHILDREN,
]);

/**
 * Returns the beds of a facility's own reports that are not divided over other facilities, given that the division is newer
 * than the stale reports; undefined without a fresh report. The hub applies this rule as well (decision record 19).
 */
export function ownBedsOf(beds: readonly ReportedBeds[]): OwnBeds | undefined {
  const own = beds.filter(
    ({ category, operable, provenance }) =>
      COUNTED.has(category) && operable !== null && provenance?.method !== 'MODELLED',
  );
  const isWhole = own.some(({ category, stale }) => category !== CHILDREN && !stale);
  const counting = own.filter(
    ({ category, stale }) => !stale || (isWhole && category !== UNSPECIFIED),
  );
  if (counting.length === 0) return undefined;
  const sum = (of: (beds: ReportedBeds) => number | null) =>
    counting.reduce((total, each) => total + (of(each) ?? 0), 0);
  return {
    operable: sum(({ operable }) => operable),
    occupied: sum(({ occupied }) => occupied),
    blocked: sum(({ blocked }) => blocked),
    isWhole,
  };
}
