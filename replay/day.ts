import { divideBesideOwn } from './division-beside-own.js';
import { freeAt, sitesWithIntensiveCare } from './division.js';
import type { CapacityReport, OwnReport, Site } from './hub.js';
import type { KreisDay } from './register.js';

/** The sites that report a Kreis's intensive care, per Kreis. */
export type ReportingSites = ReadonlyMap<string, readonly Site[]>;

/** Puts the hub's facilities in order for `reportsOf`. */
export function reportingSites(facilities: readonly Site[]): ReportingSites {
  const byKreis = new Map<string, Site[]>();
  for (const facility of facilities) {
    const sites = byKreis.get(facility.area) ?? [];
    if (sites.length === 0) byKreis.set(facility.area, sites);
    sites.push(facility);
  }
  return new Map([...byKreis].map(([kreis, sites]) => [kreis, sitesWithIntensiveCare(sites)]));
}

export interface DayReports {
  reports: CapacityReport[];
  /** Kreise with beds in the register for which the hub knows no facility. */
  withoutSite: string[];
  /** Kreise whose numbers contradict each other, so that the free beds cannot be shown as the register states them. */
  contradictory: string[];
}

/**
 * What the sites of all Kreise report of one day of the register, beside what facilities report themselves. Observed at the given instant, not on that day: the
 * source names the day.
 */
export function reportsOf(
  day: string,
  rows: readonly KreisDay[],
  sites: ReportingSites,
  { own, observedAt }: { own: readonly OwnReport[]; observedAt: Date },
): DayReports {
  const result: DayReports = { reports: [], withoutSite: [], contradictory: [] };
  const ownOf = new Map(own.map(({ facility, beds }) => [facility, beds]));
  for (const row of rows) {
    const kreisSites = sites.get(row.kreis) ?? [];
    if (kreisSites.length === 0) {
      if (row.operable > 0 || row.occupied > 0) result.withoutSite.push(row.kreis);
      continue;
    }
    const siteIds = kreisSites.map(({ id }) => id);
    const elsewhere = own.filter(
      ({ area, facility }) => area === row.kreis && !siteIds.includes(facility),
    );
    const { shares, isShort } = divideBesideOwn(
      row,
      siteIds.map((id) => ownOf.get(id)),
      elsewhere.map(({ beds }) => beds),
    );
    for (const [index, share] of shares.entries()) {
      result.reports.push({
        facility: kreisSites[index]!.id,
        category: 'ICU_UNSPECIFIED',
        ...share,
        // The register's Kreis file has no status: a site is open while it has a free bed.
        status: freeAt(share) > 0 ? 'AVAILABLE' : 'UNAVAILABLE',
        limitations: [],
        source: `DIVI-Intensivregister ${day}`,
        method: 'MODELLED',
        observedAt: observedAt.toISOString(),
      });
    }
    if (isShort) result.contradictory.push(row.kreis);
  }
  return result;
}
