/** Trauma centres in Germany, of which each is planned with a number of casualties (doi 10.1007/s00113-018-0472-0). */
const CENTRES = 626;
/** Shares of the 29 clinics that take casualties within 100 km of Ulm (doi 10.1007/s00101-019-00670-z). */
const WITH_NEUROSURGERY = 0.38;
const FOR_CHILDREN = 0.62;

const HOSPITALS = new Set(['HOSPITAL', 'BUNDESWEHR_HOSPITAL']);

interface Site {
  id: string;
  siteNumber: string | null;
  kind: string;
  /** AGS of its Kreis. */
  area: string;
  capabilities: readonly string[];
}

export interface Kreis {
  /** AGS. */
  code: string;
  population: number;
}

/** What is declared of a house for the demonstration. */
export interface ModelledCentre {
  facility: string;
  traumaLevel: 'LOCAL' | 'REGIONAL' | 'SUPRAREGIONAL';
  capabilities: ('NEUROSURGERY' | 'CHILD')[];
}

/**
 * Which hospitals the demonstration takes for trauma centres, and what they can do. No open source says it, so this is a
 * model: its sums and shares are real, which house it is is not.
 *
 * - As many as there are in Germany, over the Kreise by population; what a Kreis has too few hospitals for goes to the next.
 * - In a Kreis the hospitals with a helipad on the map first, then by site number. 9 of 10 centres then have one, as in the
 *   source; none is made up.
 * - Neurosurgery and treating injured children are given to the shares of the source, evenly over the map and
 *   independently of each other.
 * - Neurosurgery and children make a centre supra-regional, neurosurgery alone regional, anything else local.
 *
 * Nothing else is declared of them, and nothing at all of the other sites: what is not known satisfies no need.
 */
export function traumaCentres(sites: readonly Site[], kreise: readonly Kreis[]): ModelledCentre[] {
  const hasNeurosurgery = everyShare(WITH_NEUROSURGERY);
  const forChildren = { true: everyShare(FOR_CHILDREN), false: everyShare(FOR_CHILDREN) };
  return centresOf(sites, kreise).map(({ id }) => {
    const neurosurgery = hasNeurosurgery();
    const children = forChildren[`${neurosurgery}`]();
    return {
      facility: id,
      traumaLevel: neurosurgery ? (children ? 'SUPRAREGIONAL' : 'REGIONAL') : 'LOCAL',
      capabilities: [
        ...(neurosurgery ? (['NEUROSURGERY'] as const) : []),
        ...(children ? (['CHILD'] as const) : []),
      ],
    };
  });
}

function centresOf<S extends Site>(sites: readonly S[], kreise: readonly Kreis[]): S[] {
  const inOrder = [...kreise].sort((a, b) => (a.code < b.code ? -1 : 1));
  const everybody = inOrder.reduce((sum, { population }) => sum + population, 0);
  const centres: S[] = [];
  let people = 0;
  for (const { code, population } of inOrder) {
    people += population;
    const due = Math.floor((CENTRES * people) / everybody) - centres.length;
    const hospitals = sites.filter(({ area, kind }) => area === code && HOSPITALS.has(kind));
    const byRank = hospitals.sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
    centres.push(...byRank.slice(0, due));
  }
  return centres;
}

function rankOf({ capabilities, siteNumber, id }: Site): string {
  return `${capabilities.includes('HELIPAD') ? 0 : 1} ${siteNumber ?? '~'} ${id}`;
}

/** Says yes for a share of the calls, spread evenly over them. */
function everyShare(share: number): () => boolean {
  let calls = 0;
  return () => {
    calls += 1;
    return Math.floor(calls * share) > Math.floor((calls - 1) * share);
  };
}
