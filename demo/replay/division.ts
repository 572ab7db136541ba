/** The beds of a Kreis as the register counts them. */
export interface Total {
  operable: number;
  occupied: number;
  free: number;
}

/** The beds of a Kreis that one site reports. */
export interface Share {
  operable: number;
  occupied: number;
  blocked: number;
}

interface Site {
  id: string;
  siteNumber: string | null;
  kind: string;
}

/** Kinds of facilities that usually have intensive-care beds; the specialist clinics of the site list are day clinics. */
const ICU_KINDS = new Set(['HOSPITAL', 'BUNDESWEHR_HOSPITAL', 'PLACEHOLDER']);

/** Whether a site is a known hospital of a kind that has intensive care. */
export function isKnownHospital({ kind }: Pick<Site, 'kind'>): boolean {
  return kind !== 'PLACEHOLDER' && ICU_KINDS.has(kind);
}

/**
 * Returns the sites of a Kreis among which its intensive care is divided, in the order of their site numbers: the sites of a
 * kind that has intensive care, or all sites without such a kind, so that no bed of the register is lost.
 */
export function sitesWithIntensiveCare<S extends Site>(sites: readonly S[]): S[] {
  const fitting = sites.filter(({ kind }) => ICU_KINDS.has(kind));
  return [...(fitting.length > 0 ? fitting : sites)].sort((a, b) =>
    orderOf(a) < orderOf(b) ? -1 : 1,
  );
}

const orderOf = ({ siteNumber, id }: Site) => `${siteNumber ?? '~'} ${id}`;

/**
 * Divides the intensive care of a Kreis over its sites. No open source says how many beds stand in which hospital, so
 * this is a model: operable beds evenly, with the remainder at the first sites; occupied beds in proportion to the operable.
 * Summed again, the shares are the total in operable, occupied and free beds, where free is
 * max(0, operable - occupied - blocked) at each site:
 *
 * - fewer free beds than operable - occupied: the difference is blocked;
 * - more occupied than operable: no site shows a free bed;
 * - more free beds than operable - occupied: the register subtracts per ward, so one ward can be overfull while another
 *   has free beds. Then the last site is the overfull one.
 *
 * Only a total that contradicts itself (more free than operable, or an overfull and a free ward in a single site) keeps
 * operable and occupied and shows fewer free beds.
 */
export function divide(total: Total, siteCount: number): Share[] {
  const { operable, occupied, free } = total;
  const plain = Math.max(0, operable - occupied);
  if (free > plain && siteCount > 1 && free <= operable) return withOverfullSite(total, siteCount);

  const beds = evenly(operable, siteCount);
  const unavailable = inProportion(Math.max(occupied, operable - Math.min(free, plain)), beds);
  const patients = inProportion(occupied, unavailable);
  return beds.map((count, site) => ({
    operable: count,
    occupied: patients[site]!,
    blocked: unavailable[site]! - patients[site]!,
  }));
}

/** Returns the number of free beds of a share. */
export function freeAt({ operable, occupied, blocked }: Share): number {
  return Math.max(0, operable - occupied - blocked);
}

function withOverfullSite({ operable, occupied, free }: Total, siteCount: number): Share[] {
  const full = operable - free;
  const beds = Math.min(full, Math.floor(operable / siteCount));
  const rest = { operable: operable - beds, occupied: full - beds, free };
  return [
    ...divide(rest, siteCount - 1),
    { operable: beds, occupied: beds + occupied - full, blocked: 0 },
  ];
}

function evenly(total: number, parts: number): number[] {
  const each = Math.floor(total / parts);
  return Array.from({ length: parts }, (_, part) => each + (part < total % parts ? 1 : 0));
}

/**
 * Cumulative rounding: each part ends where its exact end, rounded down, lies. The parts sum to the total, and none
 * exceeds its weight unless the total exceeds the sum of weights, in which case none falls below it.
 */
function inProportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return evenly(total, weights.length);
  let end = 0;
  return weights.map((weight) => {
    const start = end;
    end += weight;
    return Math.floor((total * end) / sum) - Math.floor((total * start) / sum);
  });
}
