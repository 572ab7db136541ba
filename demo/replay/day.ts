import { divideBesideOwn } from './division-beside-own.js';
import { freeAt, isKnownHospital, sitesWithIntensiveCare } from './division.js';
import type { CapacityReport, OwnReport, Site } from './hub.js';
import type { KreisDay } from './register.js';

/** The facilities of a Kreis. */
interface KreisSites {
  /** Facilities among which its intensive care is divided. */
  dividing: readonly Site[];
  /** Placeholders for beds that a known hospital has today: they report nothing. */
  superseded: readonly Site[];
}

/** The facilities that report the intensive care of a Kreis, by Kreis. */
export type ReportingSites = ReadonlyMap<string, KreisSites>;

/** Groups the hub's facilities by Kreis for `reportsOf`. */
export function reportingSites(facilities: readonly Site[]): ReportingSites {
  const byKreis = new Map<string, Site[]>();
  for (const facility of facilities) {
    const sites = byKreis.get(facility.area) ?? [];
    if (sites.length === 0) byKreis.set(facility.area, sites);
    sites.push(facility);
  }
  return new Map([...byKreis].map(([kreis, sites]) => [kreis, kreisSites(sites)]));
}

/** A placeholder stands for beds without a known site, so it has none where a hospital is known. */
function kreisSites(sites: readonly Site[]): KreisSites {
  const superseded = sites.some(isKnownHospital)
    ? sites.filter(({ kind }) => kind === 'PLACEHOLDER')
    : [];
  return {
    dividing: sitesWithIntensiveCare(sites.filter((site) => !superseded.includes(site))),
    superseded,
  };
}

/** The facts besides the register on which the reports of a day depend. */
export interface Circumstances {
  /** The facilities' own reports. */
  own: readonly OwnReport[];
  /** Kreise whose numbers ended before this day. Their facilities report NOT_REPORTED once. */
  ended?: readonly string[];
  observedAt: Date;
}

export interface DayReports {
  reports: CapacityReport[];
  /** Kreise with beds in the register for which the hub knows no facility. */
  withoutSite: string[];
  /** Kreise whose numbers contradict each other, so that the free beds cannot be shown as the register states them. */
  contradictory: string[];
}

/**
 * Returns the reports of the sites of all Kreise on one day of the register, besides the facilities' own reports. They are
 * observed at the given instant, not on that day: the source names the day.
 */
export function reportsOf(
  day: string,
  rows: readonly KreisDay[],
  sites: ReportingSites,
  { own, ended = [], observedAt }: Circumstances,
): DayReports {
  const result: DayReports = { reports: [], withoutSite: [], contradictory: [] };
  const ownOf = new Map(own.map(({ facility, beds }) => [facility, beds]));
  const provenance = {
    category: 'ICU_UNSPECIFIED' as const,
    limitations: [],
    source: `DIVI-Intensivregister ${day}`,
    method: 'MODELLED' as const,
    observedAt: observedAt.toISOString(),
  };
  const nothing = { operable: null, occupied: null, blocked: 0, status: 'NOT_REPORTED' as const };
  const silence = (silent: readonly Site[] = []) =>
    result.reports.push(...silent.map(({ id }) => ({ facility: id, ...nothing, ...provenance })));

  for (const row of rows) {
    const { dividing = [], superseded } = sites.get(row.kreis) ?? {};
    silence(superseded);
    if (dividing.length === 0) {
      if (row.operable > 0 || row.occupied > 0) result.withoutSite.push(row.kreis);
      continue;
    }
    const siteIds = dividing.map(({ id }) => id);
    const elsewhere = own.filter(
      ({ area, facility }) => area === row.kreis && !siteIds.includes(facility),
    );
    const { shares, isShort } = divideBesideOwn(
      row,
      siteIds.map((id) => ownOf.get(id)),
      elsewhere.map(({ beds }) => beds),
    );
    for (const [index, share] of shares.entries()) {
      // The register's Kreis file has no status: a site is open while it has a free bed.
      const status = freeAt(share) > 0 ? 'AVAILABLE' : 'UNAVAILABLE';
      result.reports.push({ facility: dividing[index]!.id, ...share, status, ...provenance });
    }
    if (isShort) result.contradictory.push(row.kreis);
  }
  for (const kreis of ended) silence(sites.get(kreis)?.dividing);
  return result;
}
