import type { FacilityFilter, FacilityKind } from '../generated/graphql.js';

/** The longest page of a list. */
export const LONGEST_PAGE = 500;

const AREA = /^(\d{2}|\d{3}|\d{5})?$/;

/** Whether a text is an AGS prefix as areas are named: empty, or 2, 3 or 5 digits. */
export function isArea(area: string): boolean {
  return AREA.test(area);
}

/** What is wrong with a filter or a page length, as a sentence for the caller; undefined when nothing is. */
export function faultIn(
  filter: FacilityFilter | null | undefined,
  first: number,
): string | undefined {
  if (first < 1) return `first is the length of the page, 1 to ${LONGEST_PAGE}; ${first} came.`;
  if (!filter) return undefined;
  const { area, minFree, near } = filter;
  if (area != null && !isArea(area)) {
    return `area is an AGS prefix of 2, 3 or 5 digits, or empty for Germany; "${area.slice(0, 20)}" came.`;
  }
  if (minFree != null && minFree < 0) return `minFree is a number of beds from 0; ${minFree} came.`;
  if (!near) return undefined;
  if (Math.abs(near.latitude) > 90)
    return `latitude lies between -90 and 90 degrees; ${near.latitude} came.`;
  if (Math.abs(near.longitude) > 180)
    return `longitude lies between -180 and 180 degrees; ${near.longitude} came.`;
  if (!(near.km > 0)) return `km is a radius above 0; ${near.km} came.`;
  return undefined;
}

/**
 * What kind of place a hospital site is, by the words of its name: the only thing the Standortverzeichnis tells of it.
 * A day clinic is a SPECIALIST_CLINIC, because it keeps nobody overnight.
 */
export function kindFromName(name: string): FacilityKind {
  if (/bundeswehr/i.test(name)) return 'BUNDESWEHR_HOSPITAL';
  if (/tagesklinik|tagesst[äa]tte|ambulan/i.test(name)) return 'SPECIALIST_CLINIC';
  if (/psychiatr|psychosom|psychoth|nervenklinik/i.test(name)) return 'PSYCHIATRIC_HOSPITAL';
  if (/\breha|rehabilitation/i.test(name)) return 'REHABILITATION_CLINIC';
  return 'HOSPITAL';
}
