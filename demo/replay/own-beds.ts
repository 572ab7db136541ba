import type { Share } from './division.js';

/** What a facility reports of its intensive care itself. */
export interface OwnBeds extends Share {
  /** Whether it stands in place of a share of the Kreis total; beds for children alone stand beside one. */
  isWhole: boolean;
}

/** The beds of one category in one facility, as the hub shows them. */
export interface ReportedBeds {
  category: string;
  operable: number | null;
  occupied: number | null;
  blocked: number | null;
  stale: boolean;
  provenance: { method: string } | null;
}

const CHILDREN = 'PAEDIATRIC_ICU';
const UNSPECIFIED = 'ICU_UNSPECIFIED';
/** What the register counts. Beds for newborns are not among it. */
const COUNTED = new Set([UNSPECIFIED, 'ICU_LOW_CARE', 'ICU_HIGH_CARE', 'ECMO', CHILDREN]);

/**
 * What of a facility's own reports is not to be divided over others, given that the division is newer than what is stale:
 * undefined where it reports nothing fresh. The same rule as in the hub (decision record 19).
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
